"""The portal's pages of personnel and limits (P4; docs/how/organisations.md)."""
