"""What measures speed; each prints a markdown table. See README.md."""
