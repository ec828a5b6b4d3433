"""Sites that carry the widget, brands, and settings that are changed on screen."""
