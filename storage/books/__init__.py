"""The books: limits, holds, what calls cost, and what people bought."""
