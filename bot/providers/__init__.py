"""Everything that answers a turn. ``base`` is the interface, one file a dialect, ``wire`` the only HTTP."""
