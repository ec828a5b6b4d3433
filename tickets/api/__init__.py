"""The HTTP API of files, tickets and knowledge (outside.md)."""
