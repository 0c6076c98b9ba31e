"""Which conversation is worked on, and when. ``base`` is the interface; ``local`` and ``cluster`` implement it."""
