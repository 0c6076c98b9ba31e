"""The structure of picture files, read without decoding. ``inspect`` is the entry point."""
