"""Short records that all processes share and replace by compare-and-set."""
