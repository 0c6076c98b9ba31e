"""From Telegram into the inbox: ``polling`` or the webhook, ``receiver``, ``backlog``; and downloads."""
