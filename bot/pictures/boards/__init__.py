"""Boards: pictures about pictures. ``draw`` is the entry point, ``values`` its plain values."""
