"""The two passes of a message: from an update to a turn, and from the turn to its answer."""
