"""T6: a word is looked up in the index or asked of each ticket in order, whichever is sooner, and found either way."""

from __future__ import annotations

import pytest

from tests.tickets.desk import Desk
from tickets import filters, lists, searching

pytestmark = pytest.mark.django_db
ENTRIES = 5_000_000.0
SUPPOSED = 25_000  # what PostgreSQL says of every unfinished word that it knows nothing of


@pytest.mark.parametrize(
    ("likely", "among_newest", "rare"),
    [
        (40, 0, True),
        (SUPPOSED, 0, True),  # few have it after all: walking would pass nearly all tickets for one page
        (SUPPOSED, 100, False),
        (2_000_000, 0, False),  # many have it, but none of late
    ],
)
def test_t6_what_is_rare_is_looked_up(
    monkeypatch: pytest.MonkeyPatch, desk: Desk, likely: int, among_newest: int, rare: bool
) -> None:
    monkeypatch.setattr(searching, "estimate", lambda _words: likely)
    monkeypatch.setattr(searching, "_asked_of_newest", lambda _words: (among_newest, ENTRIES))
    ticket, other = desk.files(html="<p>The xylophone smokes.</p>"), desk.files(html="<p>Nothing.</p>")
    asked = str(searching.found_by("xyloph", public_only=False))
    assert ("Exists" in asked) != rare
    page = lists.read_page(desk.as_(desk.owner), filters.read({"q": "xyloph"}))
    assert [row.pk for row in page.rows] == [ticket.pk] != [other.pk]


def test_t6_the_newest_are_asked_for_the_word(desk: Desk) -> None:
    desk.files(html="<p>The xylophone smokes.</p>")
    desk.files(html="<p>Nothing.</p>")
    count, _entries = searching._asked_of_newest(searching.words_of("xyloph"))
    assert count == 1
