"""The hub owner's pages of how the hub looks and what it says: brands, websites, announcements, settings."""
