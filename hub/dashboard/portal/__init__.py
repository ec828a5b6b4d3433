"""The customers' portal: frame, home, help and news (docs/how/portal.md). Chats and the wallet are in their apps."""
