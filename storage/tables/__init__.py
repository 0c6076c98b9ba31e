"""One file for each thing that is kept: the statements on its tables. Those on all tables of a person are in ``care``."""
