"""From the turns of a path to a request. Pure: no I/O, no clock."""
