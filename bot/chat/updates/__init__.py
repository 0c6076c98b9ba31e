"""Telegram's updates as JSON and as PTB's objects, read into the values of ``events``."""
