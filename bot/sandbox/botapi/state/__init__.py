"""What the emulated Telegram remembers, and the queue of updates. ``backend`` holds it together."""
