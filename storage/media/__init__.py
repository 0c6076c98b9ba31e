"""Pictures by their SHA-256. ``store`` is the interface; ``local`` and ``object_store`` are the backends."""
