"""The customers' portal: its frame, its home, help and news (docs/how/portal.md). Chats and wallet pages are their apps'."""
