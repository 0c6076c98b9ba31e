"""Gemini's native dialect, also spoken by Vertex AI and relays. ``provider`` is the entry point."""
