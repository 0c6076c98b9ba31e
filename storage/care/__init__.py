"""Care for the whole store: checking it, sweeping it, and forgetting on request."""
