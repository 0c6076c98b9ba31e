"""Who is in an emulated chat, and who may write and read there."""
