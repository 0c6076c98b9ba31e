"""The dispatcher of several processes: procrastinate's jobs in PostgreSQL, with a job manager of our own."""
