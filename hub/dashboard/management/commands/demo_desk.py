"""`manage.py demo_desk`: tickets, articles, a macro and rules for a demo that has none (DEBUG only)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from hub.dashboard.demo_desk import seed_desk


class Command(BaseCommand):
    help = "Fill the desk of the demo, once, after demo_seed."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("The desk is filled." if seed_desk() else "There is a desk already.")
