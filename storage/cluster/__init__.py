"""What several processes share: workers and their heartbeats, rate limits, dedicated connections."""
