"""What several processes share: who lives, limits kept together, connections of their own."""
