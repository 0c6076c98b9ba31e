"""Turns: taken, answered and stored. ``turns`` is the entry point."""
