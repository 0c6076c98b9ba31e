"""Two pictures compared: strokes drawn on one, and whether a model did what was asked."""
