from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from tickets.knowledge import indexing


class Command(BaseCommand):
    help = "Makes the index of all help articles anew, after a change of how words are folded."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            print(f"{indexing.rebuild()} texts.")
