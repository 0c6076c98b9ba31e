"""The sandbox: a Telegram, a provider and a browser chat on one local port, for the unmodified bot.

It speaks HTTP only and imports nothing of the bot. So what works here works outside for the same reasons.
"""
