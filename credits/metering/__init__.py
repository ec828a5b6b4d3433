"""Hub time, meters, the sweep, warnings, gifts, audit. See docs/how/metering.md."""
