"""The staff's list of tickets on screen (T6): views, filters, pages, many at once, a constant number of statements."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from hub.accounts.models import User
from hub.base.clock import Travel
from tests import people
from tests.browsers import browser_of
from tests.tickets.desk import Desk, now_of
from tickets.actions import binning, handing_over
from tickets.actions.saving_views import VIEWS_MAX, save_view
from tickets.desk.listing import PAGE
from tickets.errors import TooManyViews
from tickets.filters import read
from tickets.lists import read_page
from tickets.models import SavedView, Ticket

pytestmark = pytest.mark.django_db

LIST = "/admin/tickets/"


def page(client: Client, query: str = "", *, status: int = 200) -> str:
    answer = client.get(LIST + query)
    assert answer.status_code == status
    return answer.content.decode()


def rows(text: str) -> list[int]:
    return [int(one.split('"')[0]) for one in text.split('data-ticket="')[1:]]


def test_t6_p5_an_agent_sees_own_work_and_what_waits_in_the_department(desk: Desk) -> None:
    free, theirs, elsewhere = (
        desk.files(subject="Free"),
        desk.files(subject="Ana's"),
        desk.files(department=desk.elsewhere),
    )
    desk.sets(desk.colleague, theirs, agent_id=desk.colleague.pk)
    assert rows(page(browser_of(desk.agent))) == [free.pk]
    assert sorted(rows(page(browser_of(desk.manager)))) == [free.pk, theirs.pk]
    assert sorted(rows(page(browser_of(desk.owner)))) == [free.pk, theirs.pk, elsewhere.pk]


def test_t6_each_filter_of_the_form_narrows_the_list(desk: Desk, time: Travel) -> None:
    old = desk.files(subject="Old toner")
    time.advance(days=2)
    company = people.make_organisation("Bakkerij Zoet")
    new = desk.files(company.employee, subject="Screen is black", channel="chat")
    desk.sets(desk.agent, old, status="solved", tags=["Toner"], agent_id=desk.agent.pk, priority=4)
    browser = browser_of(desk.owner)
    cases = {
        "?status=live": [new], "?status=solved": [old], "?title=TONER": [old], "?person=zoet": [new], "?q=black": [new],
        f"?number={old.pk}": [old], f"?q={old.pk}": [old], "?agent=none": [new], f"?agent={desk.agent.pk}": [old],
        f"?department={desk.elsewhere.pk}": [], "?channel=chat": [new], "?priority=urgent": [old], "?tag=toner": [old],
        "?from=2026-03-03": [new], "?to=2026-03-02": [old], f"?customer={desk.customer.pk}": [old],
        f"?organisation={company.organisation.pk}": [new], "?waiting=1": [new],
    }  # fmt: skip
    found = {query: rows(page(browser, query)) for query in cases}
    wrong = {query: found[query] for query, wanted in cases.items() if found[query] != [one.pk for one in wanted]}
    assert wrong == {}


def test_t6_a_filter_that_makes_no_sense_is_told_beside_its_field(desk: Desk) -> None:
    text = page(browser_of(desk.agent), "?number=abc", status=400)
    assert "This makes no sense here." in text
    assert 'value="abc"' in text


def test_t6_age_is_a_colour_with_a_shape_and_words(desk: Desk, time: Travel) -> None:
    desk.files()
    browser = browser_of(desk.agent)
    for hours, look, words in (
        (0, "age fresh", "not long"),
        (5, "age ageing", "for a while"),
        (30, "age overdue", "too long"),
    ):
        time.advance(hours=hours)
        found = page(browser).split("data-ticket")[1]
        assert look in found
        assert words in found


def test_t3_who_began_it_is_an_icon_with_words(desk: Desk) -> None:
    desk.files()
    assert "Begun by the customer" in page(browser_of(desk.agent))
    Ticket.objects.all().update(initiator="staff")
    assert "Begun by staff" in page(browser_of(desk.agent))


def test_t6_pages_lead_on_and_back_to_the_same_tickets(desk: Desk) -> None:
    """Keyset both ways, in every order, where several parts of what one sees are put together."""
    made = [desk.files(subject=f"No. {n}") for n in range(7)]
    desk.sets(desk.agent, made[3], agent_id=desk.agent.pk)
    person = desk.as_(desk.agent)
    for sort in ("updated", "oldest", "number", "age", "priority"):
        wanted = read({"sort": sort})
        first = read_page(person, wanted, limit=3)
        second = read_page(person, wanted, cursor=first.following, limit=3)
        third = read_page(person, wanted, cursor=second.following, limit=3)
        assert (first.preceding, third.following) == (None, None)
        back = read_page(person, wanted, before=third.preceding, limit=3)
        assert back.rows == second.rows, sort
        begin = read_page(person, wanted, before=back.preceding, limit=3)
        assert (begin.rows, begin.preceding) == (first.rows, None)
        assert read_page(person, wanted, cursor=begin.following, limit=3).rows == second.rows


def test_t6_the_page_offers_next_and_previous(desk: Desk) -> None:
    made = [desk.files(subject=f"No. {n}") for n in range(PAGE + 1)]
    browser = browser_of(desk.agent)
    text = page(browser)
    assert 'rel="prev"' not in text
    following = text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = page(browser, following)
    assert rows(second) == [made[0].pk]
    before = second.split('rel="prev" href="')[1].split('"')[0].replace("&amp;", "&")
    assert rows(page(browser, before)) == rows(text)
    assert rows(page(browser, "?status=live&after=nonsense")) == rows(text)


def statements(client: Client, path: str) -> int:
    """The fewest of some openings: what is remembered for seconds may be read again in any of them."""
    client.get(path)
    return min(_asked(client, path) for _ in range(3))


def _asked(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def test_t6_the_number_of_statements_is_constant(desk: Desk) -> None:
    browser = browser_of(desk.manager)
    desk.sets(desk.agent, desk.files(), agent_id=desk.agent.pk)
    save_view(desk.as_(desk.manager), "Mine", {"agent": "me"})
    few = statements(browser, LIST)
    for n in range(20):
        customer = people.make_customer(f"Customer {n}")
        ticket = desk.files(customer)
        desk.sets(desk.colleague, ticket, agent_id=desk.colleague.pk)
        save_view(desk.as_(desk.manager), f"View {n}", {"status": "live"}, of=str(desk.here.pk))
    assert statements(browser, LIST) == few


def test_t6_a_list_on_the_screen_asks_for_next_to_nothing_until_something_changes(desk: Desk, time: Travel) -> None:
    """Every five seconds, from each that is open: who they are is asked, and when a ticket last changed."""
    browser, ticket = browser_of(desk.agent), desk.files()
    mark = browser.get(LIST)["ETag"]

    def asked() -> int:
        return int(browser.get(LIST, headers={"If-None-Match": mark}).status_code)

    with CaptureQueriesContext(connection) as statements_of_one:
        assert asked() == 304
    assert len(statements_of_one) <= 4
    time.advance(seconds=1)
    desk.says(desk.customer, ticket)
    assert asked() == 200
    mark = browser.get(LIST)["ETag"]
    assert asked() == 304
    time.advance(seconds=61)
    assert asked() == 200  # what waits has grown older
    mark = browser.get(LIST)["ETag"]
    binning.delete(desk.as_(desk.owner), ticket.pk)
    assert asked() == 200


# -- Many at once ------------------------------------------------------------------------------------


def change_many(client: Client, numbers: list[int], **said: str) -> str:
    answer = client.post(f"{LIST}bulk/", {"numbers": numbers, "query": "status=live&q=x", **said}, follow=True)
    assert answer.redirect_chain[0][0] == f"{LIST}?status=live&q=x"
    return str(answer.content.decode())


def test_t6_many_at_once_say_which_were_refused_and_why(desk: Desk) -> None:
    """T8 holds for each: an agent gives away nothing that is a colleague's."""
    mine, free, gone = desk.files(), desk.files(), desk.files(department=desk.elsewhere)
    desk.sets(desk.agent, mine, agent_id=desk.agent.pk)
    text = change_many(browser_of(desk.agent), [mine.pk, free.pk, gone.pk], agent=str(desk.colleague.pk))
    assert f"Not changed: {mine.pk}, {free.pk}. Only the department’s manager" in text.replace("&#x27;", "’")
    assert f"Not changed: {gone.pk}. This does not exist" in text
    text = change_many(browser_of(desk.manager), [mine.pk, free.pk], agent=str(desk.colleague.pk), tag="Printer, Old")
    assert "2 tickets were changed." in text
    assert {(now_of(one).agent_id, *now_of(one).tags) for one in (mine, free)} == {
        (desk.colleague.pk, "printer", "old")
    }


def test_t6_tags_come_besides_those_that_are_there(desk: Desk) -> None:
    ticket = desk.files()
    desk.sets(desk.agent, ticket, tags=["toner"])
    change_many(browser_of(desk.agent), [ticket.pk], tag="printer")
    assert now_of(ticket).tags == ["toner", "printer"]


def test_t6_many_are_closed_with_one_button(desk: Desk) -> None:
    open_, over = desk.files(), desk.files()
    desk.sets(desk.agent, over, status="solved")
    change_many(browser_of(desk.agent), [open_.pk], close="1", priority="high")
    assert (now_of(open_).status, now_of(open_).priority) == ("closed", 3)


@pytest.mark.parametrize("said", [{}, {"status": "gone"}, {"priority": "very"}, {"agent": "somebody"}])
def test_t6_nothing_chosen_or_nonsense_changes_nothing(desk: Desk, said: dict[str, str]) -> None:
    ticket = desk.files()
    change_many(browser_of(desk.agent), [ticket.pk], **said)
    assert now_of(ticket).last_seq == ticket.last_seq


# -- Views -------------------------------------------------------------------------------------------


def save(client: Client, name: str, of: str = "me", query: str = "status=solved&tag=toner") -> int:
    return int(client.post(f"{LIST}views/", {"name": name, "of": of, "query": query}).status_code)


def test_t6_a_view_is_kept_changed_and_deleted(desk: Desk) -> None:
    browser = browser_of(desk.agent)
    save(browser, "Toner, solved")
    view = SavedView.objects.get()
    assert (view.user_id, view.wanted) == (desk.agent.pk, {"status": "solved", "tag": "toner"})
    text = page(browser, f"?status=solved&tag=toner&view={view.pk}")
    assert "Toner, solved" in text.split('aria-current="page"')[3]
    browser.post(f"{LIST}views/{view.pk}/", {"name": "Toner", "query": "tag=toner"})
    view.refresh_from_db()
    assert (view.name, view.wanted) == ("Toner", {"tag": "toner"})
    browser.post(f"{LIST}views/{view.pk}/", {"delete": "1", "query": ""})
    assert not SavedView.objects.exists()


def test_t6_who_may_share_a_view_with_whom(desk: Desk) -> None:
    """An agent only with oneself, a manager with the own department, the owner with everybody."""
    here, elsewhere = str(desk.here.pk), str(desk.elsewhere.pk)
    cases = {"agent": {"me"}, "manager": {"me", here}, "owner": {"me", here, elsewhere, "all"}}
    for who, may in cases.items():
        browser = browser_of(getattr(desk, who))
        for of in ("me", here, elsewhere, "all", "999999", "x"):
            save(browser, f"{who} {of}", of)
        named = {f"{who} {of}" for of in may}
        assert set(SavedView.objects.filter(name__startswith=who).values_list("name", flat=True)) == named


def seen(user: User) -> set[str]:
    text = page(browser_of(user))
    return {name for name in SavedView.objects.values_list("name", flat=True) if escape(name) in text}


def test_t6_own_views_are_ones_own_and_shared_ones_the_departments(desk: Desk) -> None:
    save(browser_of(desk.agent), "Secret")
    save(browser_of(desk.manager), "Ours", str(desk.here.pk))
    save(browser_of(desk.owner), "All of us", "all")
    assert seen(desk.agent) == {"Secret", "Ours", "All of us"}
    assert seen(desk.colleague) == {"Ours", "All of us"}
    assert seen(desk.stranger) == {"All of us"}


def test_x1_somebody_elses_view_is_not_there_and_a_shared_one_not_theirs_to_change(desk: Desk) -> None:
    save(browser_of(desk.agent), "Secret")
    save(browser_of(desk.owner), "All of us", "all")
    secret, shared = SavedView.objects.get(name="Secret"), SavedView.objects.get(name="All of us")
    browser = browser_of(desk.colleague)
    assert browser.post(f"{LIST}views/{secret.pk}/", {"delete": "1"}).status_code == 404
    browser.post(f"{LIST}views/{shared.pk}/", {"delete": "1"})
    assert SavedView.objects.count() == 2


def test_t6_there_is_an_end_to_views(desk: Desk) -> None:
    SavedView.objects.bulk_create([SavedView(user=desk.agent, name=str(n)) for n in range(VIEWS_MAX)])
    with pytest.raises(TooManyViews):
        save_view(desk.as_(desk.agent), "One more", {})
    assert save_view(desk.as_(desk.colleague), "One more", {}).pk


def test_t8_the_list_says_what_one_is_asked_to_take_over(desk: Desk, time: Travel) -> None:
    ticket = desk.files(subject="For the others")
    handing_over.ask(desk.as_(desk.manager), ticket.pk, desk.elsewhere.pk)
    time.advance(seconds=timedelta(hours=1).total_seconds())
    assert "You are asked to take over:" in page(browser_of(desk.other_manager))
    assert "You are asked to take over:" not in page(browser_of(desk.manager))
    assert "You are asked to take over:" not in page(browser_of(desk.stranger))


def test_u4_an_empty_list_says_what_to_do(desk: Desk) -> None:
    assert "Nothing waits here" in page(browser_of(desk.agent))
    assert "No ticket is found" in page(browser_of(desk.agent), "?q=zzz")
