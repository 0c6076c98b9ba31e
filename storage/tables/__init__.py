"""One file for each thing that is kept: its statements. Those on everything of a person are in ``care``."""
