"""The consumer of the Channels tutorial, with one row per message: what most Django chats are."""
