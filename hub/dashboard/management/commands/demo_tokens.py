"""`manage.py demo_tokens --pairs N`: JSON lines {visitor, staff, department} for load generators (DEBUG only)."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from hub.dashboard.demo_pairs import make_pairs


class Command(BaseCommand):
    help = "Print tokens of N funded customers and the agents they are bound to, one pair a line."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--pairs", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        for pair in make_pairs(options["pairs"]):
            self.stdout.write(json.dumps(pair))
