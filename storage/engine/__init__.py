"""The database connection: SQLite or PostgreSQL, its faults, and the fence around a worker."""
