"""One call to a provider: when it may go, what fits, what is repeated, and what is kept of it."""
