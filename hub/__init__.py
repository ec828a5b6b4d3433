"""Balie: paid live chat and tickets. The plan of the house stands in CONTRIBUTING.md."""
