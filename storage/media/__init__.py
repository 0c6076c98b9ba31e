"""Bytes by their SHA-256. ``store`` is the door; ``local`` and ``object_store`` are the places."""
