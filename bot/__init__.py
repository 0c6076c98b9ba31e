"""Pentimento: a Telegram bot for conversational image editing. Read ``app`` for how it is put together."""

__version__ = "0.1.0"
