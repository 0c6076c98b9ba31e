"""Around one call to a provider: the check before it, the queue, repeats, and the stored raw answer."""
