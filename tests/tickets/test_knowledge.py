"""K1, K2: articles are written, published and found, however somebody types; who reads what."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from hub.accounts.models import User
from hub.base import clock
from hub.base.errors import Conflict, Forbidden, NotFound, NotSignedIn
from tests.tickets import hostile_files as hostile
from tests.tickets.files_world import Uploader
from tests.tickets.library import Library
from tickets import tasks
from tickets.knowledge import finding, indexing, opinions, words, writing
from tickets.models import Article, ArticleDay, ArticleOpinion, ArticleText, KnownWord

pytestmark = pytest.mark.django_db


@pytest.fixture
def library(db: None) -> Library:
    return Library()


@pytest.fixture
def full(library: Library) -> Library:
    """Enough that some words are rare."""
    library.has(
        en="Your printer does not print: Check the cable and the ink.", nl="Uw printer print niet: Kijk naar de kabel."
    )
    library.has(en="Connect to the wireless network: The password stands on the router.", keywords="wifi wlan")
    library.has(nl="Factuur betalen: Met iDEAL of per bank.", en="Pay an invoice: By card or bank.")
    library.has(hr="Pisač ne ispisuje: Provjerite kabel.", it="La stampante non stampa: Controlla il cavo.")
    library.has(fa="چاپگرها را وصل کنید: کابل را بررسی کنید.")
    library.has(en="Set up e-mail on a phone: The server is mail.example.")
    for number in range(12):
        library.has(en=f"Something else entirely {number}: Nothing about it.")
    return library


def titles(found: list[finding.Found]) -> list[str]:
    return [one.title for one in found]


MEANT = [
    ("printer", "en", "Your printer does not print"),
    ("my prin", "en", "Your printer does not print"),  # still typing
    ("PRINTING broken", "en", "Your printer does not print"),  # another ending
    ("pritner", "en", "Your printer does not print"),  # letters changed over
    ("prnter doesnt work", "en", "Your printer does not print"),
    ("printer", "nl", "Uw printer print niet"),  # the reader's language first
    ("printers", "nl", "Uw printer print niet"),
    ("wlan", "en", "Connect to the wireless network"),  # what else people call it
    ("wireles netwerk", "en", "Connect to the wireless network"),
    ("fatcuur", "nl", "Factuur betalen"),
    ("facturen betaal", "nl", "Factuur betalen"),
    ("invoice", "fa", "Pay an invoice"),  # over all languages
    ("pisaca", "hr", "Pisač ne ispisuje"),  # no accents on this keyboard
    ("stampanti", "it", "La stampante non stampa"),
    ("چاپگر", "fa", "چاپگرها را وصل کنید"),
    ("چاپگر\u200cها", "fa", "چاپگرها را وصل کنید"),
    ("how do I set up emial on phone?", "en", "Set up e-mail on a phone"),
]


def test_k1_k2_what_is_meant_is_found(full: Library) -> None:
    wrong = []
    for typed, language, first in MEANT:
        for find in (finding.suggest, finding.search):
            found = titles(find(None, typed, language))
            if found[:1] != [first]:
                wrong.append((find.__name__, typed, language, found))
    assert wrong == []


def test_k2_what_says_nothing_finds_nothing_and_breaks_nothing(full: Library) -> None:
    for typed in ("", " ", "?!", "xylophone quartz", "'; DELETE xyzzy; --", "q:* & !z | (j", "%_\\", "\u0301"):
        assert finding.suggest(None, typed, "en") == [], typed
        assert finding.search(None, typed, "en") == [], typed


def test_k1_search_reads_the_text_too_and_titles_count_most(full: Library) -> None:
    assert titles(finding.search(None, "router password", "en"))[:1] == ["Connect to the wireless network"]
    assert finding.suggest(None, "router password", "en") == []
    library_first = full.has(en="Router: All about it.")
    assert finding.search(None, "router", "en")[0].article_id == library_first.pk


def test_k1_one_answer_per_article_in_the_readers_language(full: Library) -> None:
    found = finding.search(None, "printer print", "nl")
    assert len({one.article_id for one in found}) == len(found)
    assert (found[0].language, found[0].summary) == ("nl", "Kijk naar de kabel.")


def test_k1_a_summary_is_whole_words_without_the_marks_of_lists() -> None:
    listed = "Three things:\n- Turn it off.\n2. Turn it on - and wait.\n\nThat is 3. - 2. things."
    assert finding.in_short(listed) == "Three things: Turn it off. Turn it on - and wait. That is 3. - 2. things."
    long = "printer " * 40
    assert finding.in_short(long) == ("printer " * 27).strip() + "…"
    assert finding.in_short("x" * 500) == "x" * (finding.SUMMARY_CHARACTERS + 1) + "…"


def test_k1_what_is_not_published_or_not_for_the_reader_is_not_found(library: Library) -> None:
    draft = library.draft(en="Secret draft: x")
    own = library.has(en="Secret for staff: x", audience="staff")
    theirs = library.has(en="Secret for customers: x", audience="customers")
    seen = {
        None: set(),
        library.customer: {theirs.pk},
        library.agent: {own.pk, theirs.pk},
    }
    for person, ids in seen.items():
        for find in (finding.suggest, finding.search):
            assert {one.article_id for one in find(person, "secret", "en")} == ids
        rows = set(Article.objects.visible_to(person).values_list("pk", flat=True))
        assert rows == (ids | {draft.pk} if person is library.agent else ids)
    writing.withdraw(library.owner, theirs.pk)
    assert finding.search(library.customer, "secret", "en") == []


def test_k1_a_draft_changes_nothing_until_it_is_published(library: Library) -> None:
    article = library.has(en="Old words: The first.")
    library.draft(article, en="New words: The second.")
    assert titles(finding.suggest(None, "words", "en")) == ["Old words"]
    library.draft(article, en="Newer words: The third.")
    writing.publish(library.manager, article.pk)
    assert titles(finding.suggest(None, "newer", "en")) == ["Newer words"]
    assert finding.suggest(None, "old", "en") == []
    versions = list(article.versions.order_by("number").values_list("number", "title"))
    assert versions == [(1, "Old words"), (2, "Newer words")], "what was published stays as it was"
    writing.publish(library.manager, article.pk)
    assert article.versions.count() == 2


def test_k1_p5_agents_draft_and_managers_publish(library: Library) -> None:
    article = library.draft(en="Words: x")
    with pytest.raises(Forbidden):
        writing.publish(library.agent, article.pk)
    with pytest.raises(Forbidden):
        writing.save_article(library.customer, None, writing.ArticleIn(texts={"en": writing.TextIn("a", "b")}))
    writing.publish(library.manager, article.pk)
    with pytest.raises(Forbidden):
        writing.withdraw(library.agent, article.pk)
    with pytest.raises(Forbidden):
        writing.save_article(library.agent, article.pk, writing.ArticleIn(audience="staff"))
    with pytest.raises(Conflict):
        writing.publish(library.owner, Article.objects.create(created_at=clock.now(), updated_at=clock.now()).pk)


def test_x3_an_article_is_clean(library: Library) -> None:
    article = library.has(en="Words: <script>alert(1)</script><b onclick=x>Bold</b>")
    assert ArticleText.objects.get(article=article).html == "<p><b>Bold</b></p>"


def test_the_vocabulary_is_what_the_texts_say(library: Library) -> None:
    """Whatever happened in between, it is the same as made anew."""
    one = library.has(en="Alpha beta: gamma", nl="Alfa: gamma")
    two = library.has(en="Alpha delta: epsilon")
    library.draft(one, en="Alpha zeta: eta")
    writing.publish(library.owner, one.pk)
    writing.withdraw(library.owner, two.pk)
    known = {row.word: row.documents for row in KnownWord.objects.filter(documents__gt=0)}
    assert known == {"": 2, "alpha": 1, "zeta": 1, "eta": 1, "alfa": 1, "gamma": 1}
    assert indexing.rebuild() == 2
    assert {row.word: row.documents for row in KnownWord.objects.all()} == known


@pytest.mark.django_db(transaction=True)
def test_x5_pictures_in_an_article_are_seen_by_its_readers() -> None:
    library = Library()
    ana = Uploader(User.objects.get(pk=library.agent.user_id))
    picture = ana.uploads("a.png", hostile.see_through())
    tasks.draw_pictures()
    shown = f'<p><img src="/api/v1/files/{picture}/content/" alt="Where to click"></p>'
    new = writing.ArticleIn(texts={"en": writing.TextIn("With a picture", shown)})
    article = writing.save_article(library.agent, None, new)
    anybody = Client()
    assert anybody.get(f"/api/v1/files/{picture}/content/").status_code == 404, "a draft is nobody else's"
    writing.publish(library.owner, article.pk)
    assert anybody.get(f"/api/v1/files/{picture}/content/").headers["Content-Type"] == "image/png"
    second = ana.uploads("b.png", hostile.see_through())
    more = writing.TextIn("With two", shown + shown.replace(str(picture), str(second)))
    for _ in range(2):  # the same pictures again are no new ones
        writing.save_article(library.agent, article.pk, writing.ArticleIn(texts={"en": more}))
    strange = writing.TextIn("x", shown.replace(str(picture), str(uuid.uuid4())))
    with pytest.raises(NotFound):
        writing.save_article(library.agent, None, writing.ArticleIn(texts={"en": strange}))


def test_k1_each_reader_counts_once_and_the_last_word_counts(library: Library) -> None:
    article = library.has(en="Words: x")
    for _ in range(3):
        opinions.say(None, "192.0.2.1", article, helpful=True)
        opinions.say(library.customer, "192.0.2.1", article, helpful=True, comment="Thanks")
    opinions.say(None, "192.0.2.2", article, helpful=False)
    opinions.say(library.customer, "192.0.2.1", article, helpful=False, comment=" It is wrong ")
    day = ArticleDay.objects.get()
    assert (day.helpful, day.unhelpful) == (2, 1)
    assert (ArticleOpinion.objects.get().helpful, ArticleOpinion.objects.get().comment) == (False, "It is wrong")
    with pytest.raises(NotSignedIn):
        opinions.say(None, "192.0.2.3", article, helpful=True, comment="Buy pills")


def test_k2_a_ticket_avoided_is_counted_once(library: Library) -> None:
    article = library.has(en="Words: x")
    with clock.freeze() as travel:
        assert opinions.note_avoided(library.customer, "192.0.2.1", article)
        assert not opinions.note_avoided(library.customer, "192.0.2.9", article)
        assert opinions.note_avoided(None, "192.0.2.1", article)
        travel.advance(days=1, seconds=1)
        assert opinions.note_avoided(library.customer, "192.0.2.1", article)
    assert sum(ArticleDay.objects.values_list("avoided", flat=True)) == 3


def test_k1_k2_over_the_api(library: Library) -> None:
    ana = Uploader(User.objects.get(pk=library.agent.user_id)).client
    boss = Uploader(User.objects.get(pk=library.manager.user_id)).client
    anybody = Client()
    category = boss.post("/api/v1/article-categories/", {"names": {"en": "Printing"}}, content_type="application/json")
    body = {"texts": {"en": {"title": "Your printer", "html": "<p>Ink</p>"}}, "category": int(category.json()["id"])}
    made = ana.post("/api/v1/articles/", body, content_type="application/json").json()
    assert (made["published"], made["drafts"]) == (False, ["en"])
    address = f"/api/v1/articles/{made['id']}/"
    assert anybody.get(address).status_code == 404
    published = {"state": "published"}
    assert ana.patch(address, published, content_type="application/json").status_code == 403
    assert boss.patch(address, published, content_type="application/json").json()["drafts"] == []
    seen = anybody.get(address, {"language": "nl"}).json()
    assert (seen["title"], seen["html"], seen["language"]) == ("Your printer", "<p>Ink</p>", "en")
    assert "counts" not in seen
    listed = anybody.get("/api/v1/articles/", {"category": category.json()["id"]}).json()
    assert [(one["title"], one["summary"]) for one in listed["results"]] == [("Your printer", "Ink")]
    for found in (
        anybody.get("/api/v1/articles/suggest/", {"q": "pinter"}).json(),
        anybody.get("/api/v1/articles/", {"q": "ink"}).json(),
    ):
        assert [one["id"] for one in found["results"]] == [made["id"]]
    assert anybody.post(f"{address}feedback/", {"helpful": True}, content_type="application/json").status_code == 204
    assert anybody.post(f"{address}avoided/").status_code == 204
    assert ana.get(address).json()["counts"] == {"helpful": 1, "unhelpful": 0, "avoided": 1}
    assert [one["number"] for one in ana.get(f"{address}versions/").json()["results"]] == [1]
    wrong = ana.patch(address, {"texts": {"xx": {"title": " x", "html": "x"}}}, content_type="application/json")
    assert (wrong.status_code, "texts" in wrong.json()["fields"]) == (400, True)


def test_k2_however_much_is_typed_the_statements_are_few(full: Library, django_assert_num_queries: Any) -> None:
    for find in (finding.suggest, finding.search):
        with django_assert_num_queries(2):
            find(full.customer, "my printer does not print", "en")
        with django_assert_num_queries(4):
            find(full.customer, "pritner wireles ntework xylophoneses today at all of them", "en")


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_do_not_stop_each_other() -> None:
    library = Library()
    ids = [
        library.draft(en=f"Words {one} alpha: {' '.join(['beta', 'gamma', 'delta', 'epsilon'][::-1])}").pk
        for one in range(8)
    ]

    def publish(article_id: int) -> None:
        try:
            writing.publish(library.owner, article_id)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(publish, ids))
    assert KnownWord.objects.get(word="beta").documents == 8
    assert KnownWord.objects.get(word="").documents == 8


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ("printer", "printer", 0),
        ("pritner", "printer", 1),
        ("emial", "email", 1),
        ("abc", "", 3),
        ("kabel", "cable", 2),
    ],
)
def test_slips_of_the_hand(one: str, other: str, distance: int) -> None:
    assert words.slips(one, other) == words.slips(other, one) == distance


def test_words_are_folded_the_same_whoever_typed_them() -> None:
    assert words.words_of("Đakovo, ČEVAPI & straße!") == ["dakovo", "cevapi", "strasse"]
    assert words.words_of("كتاب‌ها ١٢٣ ۴۵۶") == ["کتاب", "ها", "123", "456"]
    assert words.words_of("don't snake_case") == ["dont", "snake", "case"]
