"""`manage.py audit`: whether everything adds up. Prints each row that does not; exit 1 if there is one."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from hub.base.registries import audits


class Command(BaseCommand):
    help = "Prove that ledger and meters (and what else registered an audit) add up; exit 1 and the rows where not."

    def handle(self, *args: Any, **options: Any) -> None:
        offences = 0
        for audit in audits:
            for offence in audit.find():
                offences += 1
                self.stdout.write(f"{offence.rule}: {offence.subject}: {offence.text}")
        if offences:
            self.stderr.write(f"{offences} offences")
            sys.exit(1)
        self.stdout.write(f"{', '.join(audit.name for audit in audits)}: everything adds up")
