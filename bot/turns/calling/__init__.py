"""Who answers a wish: the chosen model, or somebody else where that is out of order. ``calls`` is the entry point."""
