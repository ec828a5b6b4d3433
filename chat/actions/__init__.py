"""All that a person or a clock can do with a live session: lock, permit, check, write in one transaction, publish."""
