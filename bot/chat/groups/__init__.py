"""Everything that only groups have: admins, what the bot may read there, arrivals, moves."""
