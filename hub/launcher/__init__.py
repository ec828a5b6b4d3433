"""Brings a whole hub up in one terminal, and takes all of it down again. See docs/how/launcher.md."""
