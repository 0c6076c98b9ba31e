"""What the bot answers over HTTP: deliveries of Telegram's (``hook``), on a port of its own (``server``)."""
