"""What every app stands on: errors, clock, events, locking, publishing. Knows no app."""
