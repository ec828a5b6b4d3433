"""The load generator: pairs of customer and agent, one set of clocks for every target. Loopback only."""
