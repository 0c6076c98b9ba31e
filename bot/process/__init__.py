"""What one process is: its mode (``single`` or ``cluster``), its clients, its store, signals and heartbeat."""
