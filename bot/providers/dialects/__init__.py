"""One file for each provider with a dialect of its own."""
