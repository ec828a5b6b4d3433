"""Finding tickets by their words (T6): PostgreSQL's full text, over what the reader may see. See docs/how/tickets.md.

A word that few entries have is looked up in the index. One that very many have would be found a million times to show
fifty tickets: there the list is walked in its order, and each ticket is asked whether it has the word. PostgreSQL's own
estimate says which of the two it is; of a word that is not finished it supposes that one in two hundred entries has it,
and there the newest thousand tickets are asked.
"""

from __future__ import annotations

import json
import re
from typing import Final

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import Exists, OuterRef, Q

from hub.accounts.public import is_one_of
from tickets.models import TicketEntry

WORDS_MAX: Final = 8
FEW: Final = 3_000
NEWEST: Final = 1_000
OFTEN: Final = 8  # among the newest: walking finds a page before the index would have found all
SUPPOSED: Final = 0.006  # what PostgreSQL supposes of an unfinished word that it knows nothing of, and a little more
_WORD: Final = re.compile(r"\w+")
_NEWEST: Final = """
select count(*), (select reltuples from pg_class where oid = 'tickets_ticketentry'::regclass)
  from (select id from tickets_ticket where deleted_at is null order by updated_at desc, id desc limit %s) newest
 where exists (select from tickets_ticketentry e
                where e.ticket_id = newest.id and e.search @@ to_tsquery('simple', %s))"""


def words_of(text: str) -> str:
    """What is asked of the index: all the words, the last one perhaps not finished yet; '' where there are none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_fold(%s)", [text])
        words = _WORD.findall(cursor.fetchone()[0])[:WORDS_MAX]
    quoted = [f"'{word}'" for word in words]
    return " & ".join(quoted) + ":*" if quoted else ""


def found_by(text: str, *, public_only: bool) -> Q:
    """Tickets with an entry that has all these words; nothing that is not public for who may not read it."""
    words = words_of(text)
    if not words:
        return Q()
    entries = TicketEntry.objects.filter(search=SearchQuery(words, config="simple", search_type="raw"))
    if public_only:
        entries = entries.filter(is_public=True)
    number = Q(pk=int(text)) if text.isascii() and text.isdecimal() and len(text) < 18 else Q(pk__in=())
    if _are_rare(words):
        return Q(is_one_of("pk", entries.values("ticket"))) | number  # joined, all tickets could be walked for them
    return Q(Exists(entries.filter(ticket=OuterRef("pk")))) | number


def _are_rare(words: str) -> bool:
    likely = estimate(words)
    if likely <= FEW:
        return True
    among_newest, entries = _asked_of_newest(words)
    return among_newest < OFTEN and likely <= SUPPOSED * entries


def _asked_of_newest(words: str) -> tuple[int, float]:
    """How many of the newest tickets have them, and how many entries there are in all, about."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [NEWEST, words])
        count, entries = cursor.fetchone()
    return int(count), float(entries)


def estimate(words: str) -> int:
    """How many entries have them, as PostgreSQL thinks."""
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN (FORMAT JSON) SELECT 1 FROM tickets_ticketentry WHERE search @@ to_tsquery('simple', %s)", [words]
        )
        plan = cursor.fetchone()[0]
    found = plan if isinstance(plan, list) else json.loads(plan)
    return int(found[0]["Plan"]["Plan Rows"])
