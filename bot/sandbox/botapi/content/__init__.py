"""What a message holds: text with its entities, pictures, files."""
