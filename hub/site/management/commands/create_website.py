"""`manage.py create_website --name Shop --origin https://shop.example`: a website that may carry the widget."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hub.site.models import Website


class Command(BaseCommand):
    help = "Let a website use the widget. Prints its site key, and the secret with which it signs its users (P11)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True)
        parser.add_argument(
            "--origin", action="append", required=True, help="as in https://shop.example; may be repeated"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for origin in options["origin"]:
            parts = urlsplit(origin)
            if (
                parts.scheme not in ("http", "https")
                or not parts.netloc
                or origin != f"{parts.scheme}://{parts.netloc}"
            ):
                raise CommandError(f"{origin} is no origin; one looks like https://shop.example")
        website = Website.objects.create(name=options["name"], origins=options["origin"])
        self.stdout.write(f"site key: {website.site_key}\nsecret: {website.secret}")
