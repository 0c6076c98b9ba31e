"""The heart: turns are taken, answered and stored. ``turns`` is the door."""
