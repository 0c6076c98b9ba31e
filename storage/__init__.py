"""The store: conversations, turns, pictures and the inbox. Imports nothing from ``bot``."""
