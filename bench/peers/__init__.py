"""What Balie is measured beside."""
