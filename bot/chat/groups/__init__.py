"""What is particular to groups: their admins, what the bot may read there, its arrival, their moves."""
