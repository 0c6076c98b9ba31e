"""What may be written and read in an emulated chat, and who is in it."""
