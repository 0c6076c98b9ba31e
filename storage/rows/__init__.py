"""Reading and writing rows of any table."""
