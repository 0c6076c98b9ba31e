"""One file for each thing that is kept: the only modules with statements on single tables."""
