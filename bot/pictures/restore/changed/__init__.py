"""What an answer changed: its colours matched, each place scored, regions found."""
