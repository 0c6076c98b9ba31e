"""The whole store looked after: checked, swept, and forgotten for good where somebody asks."""
