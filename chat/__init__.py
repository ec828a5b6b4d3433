"""Live sessions: queue, messages, presence, board; metered through credits."""
