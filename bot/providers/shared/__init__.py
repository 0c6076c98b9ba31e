"""What several dialects share: HTTP, error texts, parts of answers, folded conversations, lists of models."""
