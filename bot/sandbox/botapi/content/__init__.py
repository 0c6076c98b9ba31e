"""The content of a message: text with its entities, pictures, files."""
