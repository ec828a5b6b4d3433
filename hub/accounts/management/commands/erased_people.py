"""The accounts that were erased, to keep outside the backups; and to erase them again after one was restored (P10)."""

from __future__ import annotations

import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from hub.accounts.access import SYSTEM
from hub.accounts.actions.erasure import carry_out
from hub.accounts.errors import CannotErase
from hub.accounts.models import User


class Command(BaseCommand):
    help = "Lists the ids of erased accounts, or with --again erases those that are listed on standard input."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--again", action="store_true", help="erase the accounts whose ids are on standard input")

    def handle(self, *, again: bool, **options: object) -> None:
        if not again:
            for pk in User.objects.filter(erased_at__isnull=False).order_by("pk").values_list("pk", flat=True):
                self.stdout.write(str(pk))
            return
        left = [pk for pk in _ids(sys.stdin.read()) if not _erase(pk)]
        if left:
            raise CommandError(f"These cannot be erased yet; try again later: {', '.join(map(str, left))}")


def _ids(text: str) -> list[int]:
    return [int(word) for word in text.split() if word.isascii() and word.isdecimal()]


def _erase(pk: int) -> bool:
    user = User.objects.filter(pk=pk, erased_at=None).first()
    if user is None:
        return True
    try:
        carry_out(SYSTEM, user)
    except CannotErase:
        return False
    return True
