"""Every setting. ``settings`` reads them; ``types`` says what a value may look like."""
