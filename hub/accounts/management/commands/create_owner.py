"""`manage.py create_owner --name "Ingrid van Loon" --email ingrid@example.com`: the first person of a new hub."""

from __future__ import annotations

import getpass
import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hub.accounts.actions.staff import add_owner
from hub.base.errors import DomainError


class Command(BaseCommand):
    help = (
        "Make a hub owner. The password is asked for, or read from standard input; the second factor comes at sign-in."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True)
        parser.add_argument("--email", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        try:
            validate_password(password)
            owner = add_owner(name=options["name"], email=options["email"], password=password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except DomainError as refusal:
            raise CommandError(refusal.text("en")) from refusal
        self.stdout.write(f"{owner.name} signs in as {owner.login_number} or {owner.email}")
