"""Pictures about pictures. ``draw`` is the door; ``values`` is what goes through it."""
