"""The dispatcher of several processes: jobs in PostgreSQL, by procrastinate, under an own manager."""
