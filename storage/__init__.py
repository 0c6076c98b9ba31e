"""What is kept: conversations, turns, pictures and the inbox. A leaf: imports nothing from ``bot``."""
