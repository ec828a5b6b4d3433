"""What every endpoint of the HTTP API shares: problem documents, cursors, answers that are given once."""
