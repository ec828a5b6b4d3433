"""The pages of getting in and of one's own account (docs/how/sign-in.md). Each parses, calls one action, answers."""
