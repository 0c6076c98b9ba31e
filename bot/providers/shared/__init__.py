"""What several dialects need: HTTP, error texts, parts of answers, folded conversations, lists of models."""
