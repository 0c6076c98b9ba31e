"""From an answer to Telegram's servers: ``delivery`` plans, ``sending`` sends, ``rate_limiter`` waits."""
