"""Fills django-helpdesk with tickets, and measures its list and search. Runs in an environment of its own.

`python measure.py TICKETS`: prints a line of JSON for each step. A step asks for what the screen asks for: the page
with its filters, and the rows that the page then fetches (`datatables_ticket_list`), 25 of them.
"""

from __future__ import annotations

import html
import json
import os
import re
import statistics
import sys
import time
from urllib.parse import urlencode

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "peer_settings"
    django.setup()

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from helpdesk.models import Queue

QUEUES, STAFF, FOLLOW_UPS, ROWS = 6, 60, 5, 25
ROUNDS, SECONDS_MAX = 20, 25.0


def main() -> None:
    tickets = int(sys.argv[1])
    call_command("migrate", verbosity=0)
    _fill(tickets)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(pk=1))
    for name, asked, start in (
        ("list, open ones", {}, 0),
        ("list, closed ones", {"status": "4"}, 0),
        ("list, all", {"sort": "created"}, 0),
        ("list, all, row 12,476", {"sort": "created"}, 12_475),
        ("list, of one agent", {"assigned_to": "8"}, 0),
        ("search, a common word", {"q": "printer"}, 0),
        ("search, a rare word", {"q": "w31999"}, 0),
    ):
        print(json.dumps({"name": name, **_measure(client, asked, start)}), flush=True)


def _fill(tickets: int) -> None:
    """As in bench/ticket_rows.py: one in twenty is open, texts of five common words and fifteen others."""
    if User.objects.exists():
        return
    words = " || ' ' || ".join(f"'w' || ((n::bigint * {7 + k} + {k * k}) % 40000 / {1 + k % 5})" for k in range(15))
    text = f"'hello the printer does not ' || {words}"
    User.objects.create_superuser("agent1", "agent1@example.com", None, first_name="Agent", last_name="One")
    for n in range(2, STAFF + 1):
        User.objects.create(username=f"agent{n}", email=f"agent{n}@example.com", is_staff=True)
    for n in range(1, QUEUES + 1):
        Queue.objects.create(title=f"Department {n}", slug=f"d{n}")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""insert into helpdesk_ticket (title, created, modified, submitter_email, status, on_hold, description,
                                             resolution, priority, secret_key, assigned_to_id, queue_id)
                select 'Printer ' || n %% 977 || ' does not print', now() - n %% 1400 * interval '1 day',
                       now() - n %% 1400 * interval '1 day', 'person' || n || '@example.com',
                       case n %% 20 when 0 then 1 when 1 then 3 else 4 end, false,
                       {text.replace("%", "%%")},
                       '', 1 + n %% 5, 'k' || n, case when n %% 3 = 0 then null else 1 + n %% {STAFF} end,
                       (select min(id) from helpdesk_queue) + n %% {QUEUES}
                  from generate_series(1, %s) n""",
            [tickets],
        )
        for follow_up in range(FOLLOW_UPS):
            cursor.execute(
                f"""insert into helpdesk_followup (ticket_id, date, title, comment, public, message_id)
                    select t.id, t.created + {follow_up} * interval '1 hour', 'Comment', t.description, true, ''
                      from helpdesk_ticket t"""
            )
        cursor.execute("vacuum analyze")


def _measure(client: Client, asked: dict[str, str], start: int) -> dict[str, float]:
    pages: list[float] = []
    rows: list[float] = []
    until = time.monotonic() + SECONDS_MAX
    while len(rows) < ROUNDS + 1 and (time.monotonic() < until or len(rows) < 3):
        began = time.perf_counter()
        address = _page(client, asked)
        between = time.perf_counter()
        _rows(client, address, start)
        pages.append((between - began) * 1000)
        rows.append((time.perf_counter() - between) * 1000)
    with CaptureQueriesContext(connection) as captured:
        _rows(client, address, start)
    del pages[0], rows[0]
    return {
        "page_ms": statistics.median(pages),
        "rows_ms": statistics.median(rows),
        "rounds": len(rows),
        "statements": len(captured),
    }


def _page(client: Client, asked: dict[str, str]) -> str:
    """Where its rows are."""
    answer = client.get(f"/tickets/?{urlencode(asked)}")
    assert answer.status_code == 200, answer.status_code
    found = re.search(r'"(/datatables_ticket_list/[^"]+)"', answer.content.decode())
    assert found is not None
    return html.unescape(found.group(1))


def _rows(client: Client, address: str, start: int) -> None:
    answer = client.get(address, {"draw": 1, "start": start, "length": ROWS})
    assert answer.status_code == 200, answer.status_code
    assert answer.json()["data"], "it found nothing"


if __name__ == "__main__":
    main()
