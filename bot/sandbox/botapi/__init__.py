"""An emulated Telegram: the Bot API for the bot, the person API for people.

Texts, limits and behaviour follow Telegram's own Bot API server. Imports nothing of the bot.
"""
