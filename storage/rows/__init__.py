"""How rows are written and read, whichever table they are in."""
