"""What the emulated Telegram stores, and the queue of updates. ``backend`` holds its parts together."""
