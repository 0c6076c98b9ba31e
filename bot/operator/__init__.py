"""The operator's commands beside ``run``: check, backup, move, export."""
