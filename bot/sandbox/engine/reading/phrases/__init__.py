"""What the engine understands and says in other languages than English, one file for each."""
