"""`manage.py demo_seed`: make the demo world and print its accounts as JSON (DEBUG only)."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand

from hub.dashboard.demo import seed_demo


class Command(BaseCommand):
    help = "Make the demo data, or leave them as they are, and print the accounts as JSON."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(seed_demo(), ensure_ascii=False, indent=2))
