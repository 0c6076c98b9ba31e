"""From Telegram into the inbox: ``polling`` or a delivery, ``receiver``, ``backlog``; and downloads."""
