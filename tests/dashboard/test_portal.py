"""The portal's pages: what they show to whom, and what they cost (docs/how/portal.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chat.models import Session
from credits import public as money
from hub.accounts.models import Membership, User
from hub.accounts.public import SYSTEM
from hub.base import clock
from hub.dashboard.portal import home
from hub.site.models import Announcement, AnnouncementSeen, AnnouncementText
from hub.site.public import PORTAL_SITE_KEY, Website, get_website, sign_in_site_user, sign_portal_customer
from tests import people
from tests.browsers import browser_of
from tests.builders import Actor, World, a_world

pytestmark = pytest.mark.django_db

PAGES = ["/", "/chats/", "/wallet/", "/help/", "/news/"]


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as world:
        yield world


def text_of(client: Client, path: str) -> str:
    page = client.get(path)
    assert page.status_code == 200, (path, page.status_code)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def a_chat(
    world: World, customer: Actor, *, subject: str = "Backup fails", minutes: float = 2.5, price_m: int = 2000
) -> Session:
    """One that is over and settled."""
    support = world.department(price_m=price_m)
    agent = world.agent(support, name="Daan Mulder")
    chat = customer.starts(support, "Since Tuesday it stops at 18%.", subject=subject)
    world.runs(seconds=1)
    agent.accepts(chat)
    agent.says(chat, "Which program? See https://example.com/")
    world.passes(minutes=minutes)
    agent.ends(chat)
    world.runs(seconds=5)
    agent.closes_everything()
    chat.refresh_from_db()
    return chat


# -- Who comes in -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*PAGES[1:], "/wallet/lines.csv", "/portal/now/", "/portal/identity/"])
def test_x1_portal_pages_are_for_customers_who_are_signed_in(path: str) -> None:
    assert Client().get(path)["Location"].startswith("/login/?next=")
    assert browser_of(people.make_customer()).get(path).status_code == 200
    staff = browser_of(people.make_agent()).get(path)
    assert staff.status_code == 302
    assert staff["Location"].startswith(("/login/", "/console/"))


@pytest.mark.parametrize("path", PAGES)
def test_x3_nothing_in_the_pages_needs_inline_code(path: str) -> None:
    page = browser_of(people.make_customer('"><script>alert(1)</script>')).get(path)
    html = page.content.decode()
    assert "unsafe-inline" not in page["Content-Security-Policy"]
    assert page["Cache-Control"].startswith("no-store")
    assert not re.search(r"<script(?![^>]*src=)", html)
    assert not re.search(r"<[a-z][^>]* (style|on\w+)=", html)
    assert "<script>alert" not in html


def test_p4_each_level_of_an_organisation_sees_its_part(world: World) -> None:
    firm = people.make_organisation()
    other_unit = firm.organisation.units.create(name="Winkels")
    lotte = people.join(people.make_customer("Lotte Smit"), firm.organisation, Membership.Role.EMPLOYEE, other_unit)
    chats = {}
    for user in (firm.owner, firm.manager, firm.employee, lotte):
        actor = world._enter(user, "visitor", here=True, credits=20)
        chats[user.pk] = a_chat(world, actor, subject=f"Of {user.first_name}", minutes=1)
        actor.closes_everything()
    stranger = people.make_customer("Henk Jansen")
    sees = {
        firm.owner: {firm.owner.pk, firm.manager.pk, firm.employee.pk, lotte.pk},
        firm.manager: {firm.manager.pk, firm.employee.pk},
        firm.employee: {firm.employee.pk},
        lotte: {lotte.pk},
        stranger: set(),
    }
    for reader, seen in sees.items():
        browser = browser_of(reader)
        listed, wallet = text_of(browser, "/chats/"), text_of(browser, "/wallet/")
        filed = b"".join(browser.get("/wallet/lines.csv").streaming_content).decode()  # type: ignore[attr-defined]
        for user_id, chat in chats.items():
            here = user_id in seen
            assert (chat.subject in listed, chat.subject in wallet, chat.subject in filed) == (here, here, here)
            page = browser.get(reverse("chat-page", args=[chat.pk]))
            assert page.status_code == (200 if here else 404)
            assert browser.get(reverse("chat-transcript", args=[chat.pk])).status_code == (200 if here else 404)
    shown = {
        reader.pk: "Balance</th>" in browser_of(reader).get("/wallet/").content.decode()
        for reader in (firm.owner, lotte)
    }
    assert shown == {firm.owner.pk: True, lotte.pk: False}  # between some of the lines it would jump
    assert "Lotte Smit" in text_of(browser_of(firm.owner), "/")  # who used how much
    assert "Lotte Smit" not in text_of(browser_of(firm.manager), "/")


def test_p4_nobody_but_the_customer_acts_on_a_chat(world: World) -> None:
    """An organisation's owner reads along; rating, refund and reopening are the member's."""
    firm = people.make_organisation()
    employee = world._enter(firm.employee, "visitor", here=True, credits=20)
    chat = a_chat(world, employee)
    browser = browser_of(firm.owner)
    page = browser.get(reverse("chat-page", args=[chat.pk])).content.decode()
    for action in ("chat-rating", "chat-refund", "chat-reopen"):
        address = reverse(action, args=[chat.pk])
        assert address not in page
        browser.post(address, {"score": "1", "solved": "no"})
        assert browser_of(people.make_customer("Iva Horvat")).post(address).status_code == 404
    chat.refresh_from_db()
    assert (chat.rating, chat.solved, chat.refund_asked_at, chat.state) == (None, "", None, "ended")


# -- Home ---------------------------------------------------------------------------------------------------------


def test_home_says_what_is_there_and_who_is_free(world: World) -> None:
    sanne = world.customer(credits=58.4)
    support = world.department(price_m=2000)
    sanne.user.customer_profile.bound_department = support
    sanne.user.customer_profile.save()
    browser = browser_of(sanne.user)
    assert "Nobody is there at the moment." in text_of(browser, "/")
    world.agent(support, name="Daan Mulder")
    page = text_of(browser, "/")
    assert "Daan Mulder is free. 2.0 credits per minute." in page
    assert re.search(r"58\.4 enough for 29 min", page)
    assert "No chats yet" in page
    assert text_of(browser, "/portal/now/").strip().startswith("Talk to someone now")


@pytest.mark.parametrize(
    ("hour", "said"),
    [(4, "Hello"), (5, "Good morning"), (12, "Good afternoon"), (18, "Good evening"), (0, "Hello")],
)
def test_home_greets_by_the_time_where_the_reader_is(hour: int, said: str) -> None:
    from django.utils import timezone

    zone = ZoneInfo("Asia/Tehran")
    with timezone.override(zone):
        assert home.greeting("Parisa", datetime(2026, 11, 21, hour, 30, tzinfo=zone)) == f"{said}, Parisa"


def test_home_warns_before_credits_run_out(world: World) -> None:
    world.department(price_m=2000)
    marko = world.customer("Marko Babić", credits=3)
    page = text_of(browser_of(marko.user), "/")
    assert "You have credits for 1 min of chat." in page
    assert "Call or write to us to have credits added." in page
    assert "You have credits for" not in text_of(browser_of(world.customer("Rijk", credits=90).user), "/")
    assert "There are no credits for a chat." in text_of(browser_of(world.customer("Nieuw", credits=0).user), "/")


def test_p4_home_tells_a_member_what_holds_them_back(world: World) -> None:
    """Not that there are no credits, when it is the own limit."""
    world.department(price_m=2000)
    firm = people.make_organisation()
    world._enter(firm.owner, "visitor", here=False, credits=250)
    money.set_limit(SYSTEM, firm.organisation.pk, firm.employee.pk, limit_m=2_000)
    page = text_of(browser_of(firm.employee), "/")
    assert "You can use 2.0 credits more this month. Ask your manager for more" in page
    assert "You can use 2.0 more this month, enough for 1 min." in page


def test_home_shows_the_chat_that_runs_and_the_way_back(world: World) -> None:
    sanne, support = world.customer(credits=50), world.department(price_m=2000)
    chat = sanne.starts(support, "Help", subject="My printer")
    world.runs(seconds=5)
    browser = browser_of(sanne.user)
    assert "My printer Place 1 in the queue" in text_of(browser, "/portal/now/")
    daan = world.agent(support, name="Daan Mulder")
    daan.accepts(chat)
    daan.says(chat, "Which one?")
    world.runs(seconds=65)
    part = text_of(browser, "/portal/now/")
    assert re.search(r"In a chat with Daan Mulder: 1:0\d, 4\.0 credits so far\. Back to the chat", part)
    assert "Talk to someone now" not in part


def test_p12_a_vip_sees_no_balance_and_no_charges(world: World) -> None:
    giulia = world.customer("Giulia Conti", credits=70, vip=True)
    chat = a_chat(world, giulia)
    browser = browser_of(giulia.user)
    for path in ("/", "/chats/", "/wallet/", "/help/", reverse("chat-page", args=[chat.pk])):
        assert not re.search(r"\d credits|70\.0|2\.0", text_of(browser, path)), path
    assert "You work without credits" in text_of(browser, "/wallet/")
    assert browser.get("/wallet/lines.csv").status_code == 404
    assert "Cost" not in browser.get(reverse("chat-transcript", args=[chat.pk])).content.decode()


# -- Chats --------------------------------------------------------------------------------------------------------


def test_c12_the_page_of_a_chat_tells_all_of_it(world: World) -> None:
    sanne = world.customer(credits=50)
    chat = a_chat(world, sanne)
    page = text_of(browser_of(sanne.user), reverse("chat-page", args=[chat.pk]))
    for part in (
        "Since Tuesday it stops at 18%.",
        "Daan Mulder joined",
        "Total 6.0 credits",
        "3 blocks 6.0",
        "How was it?",
    ):
        assert part in page, part
    html = browser_of(sanne.user).get(reverse("chat-page", args=[chat.pk])).content.decode()
    assert '<a href="https://example.com/" rel="nofollow">' in html


def test_m6_the_customer_asks_a_refund_in_one_step(world: World) -> None:
    sanne = world.customer(credits=50)
    chat = a_chat(world, sanne)
    browser, address = browser_of(sanne.user), reverse("chat-refund", args=[chat.pk])
    assert address in browser.get(reverse("chat-page", args=[chat.pk])).content.decode()
    for _ in range(2):  # a doubled submit changes nothing more
        assert browser.post(address)["Location"] == reverse("chat-page", args=[chat.pk])
    chat.refresh_from_db()
    asked = chat.refund_asked_at
    assert (chat.solved, chat.rating, asked is not None) == ("no", None, True)
    assert address not in browser.get(reverse("chat-page", args=[chat.pk])).content.decode()
    assert "Credits asked back" in text_of(browser, "/chats/")


def test_m6_after_the_window_nothing_is_asked_back(world: World) -> None:
    sanne = world.customer(credits=50)
    chat = a_chat(world, sanne)
    Session.objects.filter(pk=chat.pk).update(ended_at=clock.now() - timedelta(days=31))
    browser, address = browser_of(sanne.user), reverse("chat-refund", args=[chat.pk])
    assert address not in browser.get(reverse("chat-page", args=[chat.pk])).content.decode()
    browser.post(address)
    chat.refresh_from_db()
    assert chat.refund_asked_at is None
    assert "cannot be asked back" in text_of(browser, reverse("chat-page", args=[chat.pk]))


def test_c12_a_rating_is_kept_and_may_be_changed(world: World) -> None:
    sanne = world.customer(credits=50)
    chat = a_chat(world, sanne)
    browser, address = browser_of(sanne.user), reverse("chat-rating", args=[chat.pk])
    for _ in range(2):
        browser.post(address, {"score": "4", "solved": "yes", "comment": " Snel\0. ", "form_key": "once"})
    chat.refresh_from_db()
    assert (chat.rating, chat.solved, chat.comment) == (4, "yes", "Snel.")
    browser.post(address, {"score": "9", "solved": "maybe", "comment": "x" * 5000, "form_key": "twice"})
    chat.refresh_from_db()
    assert (chat.rating, chat.solved, len(chat.comment)) == (4, "yes", 2000)


def test_the_list_is_filtered_and_paged_by_key(world: World) -> None:
    sanne = world.customer()
    made = many_chats(sanne, 60)
    browser = browser_of(sanne.user)
    seen: list[str] = []
    path = "/chats/"
    for _ in range(3):
        html = browser.get(path).content.decode()
        seen += re.findall(r'<a href="/chats/([0-9a-f-]{36})/" dir="auto">', html)
        older = re.search(r'href="(\?[^"]*after=[^"]+)"', html)
        path = "/chats/" + older[1].replace("&amp;", "&") if older else ""
    assert path == ""
    assert seen == [str(chat.pk) for chat in reversed(made)]
    assert len(re.findall(r'<td class="subj">', browser.get("/chats/?q=number+7").content.decode())) == 1
    assert "Nothing is found" in text_of(browser, "/chats/?q=nowhere&result=solved")
    for odd in (
        "?after=nonsense",
        "?who=%00",
        "?who=99999999999999999999",
        "?since=31-12-2026&until=0000-00-00",
        "?result=x",
    ):
        assert browser.get(f"/chats/{odd}").status_code == 200
        assert browser.get(f"/wallet/{odd}").status_code == 200


def many_chats(customer: Actor, count: int) -> list[Session]:
    department = people.make_department()
    opened = clock.now() - timedelta(days=1)
    agent = people.make_agent(departments=[department])
    return Session.objects.bulk_create(
        Session(
            state="ended",
            department=department,
            customer=customer.user,
            agent=agent,
            subject=f"number {number}",
            opened_at=opened + timedelta(seconds=number // 2),  # two at the same moment
            accepted_at=opened,
            started_at=opened,
            ended_at=opened + timedelta(minutes=9),
            price_millicredits=2000,
            summary={"elapsed_s": 60, "free_s": 0, "charged_m": 2000, "paused": []},
            pk=f"00000000-0000-7000-8000-{number:012d}",
        )
        for number in range(count)
    )


# -- Wallet -------------------------------------------------------------------------------------------------------


def test_l5_every_line_says_where_it_came_from(world: World) -> None:
    sanne = world.customer(credits=50)
    chat = a_chat(world, sanne, subject="Backup fails")
    browser = browser_of(sanne.user)
    page = browser.get("/wallet/").content.decode()
    assert f'<a href="/chats/{chat.pk}/">Backup fails</a>' in page
    text = text_of(browser, "/wallet/")
    assert re.search(r"Backup fails .* 3 blocks .*The bill of this chat Balance 44\.0 −6\.0", text)
    assert re.search(r"Added by us .* Balance 50\.0 \+50\.0", text)
    each = browser.get("/wallet/?each=1").content.decode()
    assert each.count(f'<a href="/chats/{chat.pk}/">Backup fails</a>') == 3
    used = text_of(browser, "/wallet/?kind=charge")
    assert "Added by us" not in used
    assert "Backup fails" in used
    assert "Nothing is found" in text_of(browser, "/wallet/?until=2020-01-01")


def test_l5_months_count_what_came_in_and_what_was_used(world: World) -> None:
    sanne = world.customer(credits=50)
    a_chat(world, sanne)
    month = f"{clock.now():%B %Y}"
    assert re.search(rf"{month} 50\.0 6\.0", text_of(browser_of(sanne.user), "/wallet/"))


def test_l7_lots_that_expire_are_told(world: World) -> None:
    sanne = world.customer(credits=5)
    wallet = money.wallet_for(sanne.id)
    assert wallet is not None
    from credits.ledger.accounts import house_account
    from credits.ledger.transfers import Movement, post
    from credits.metering.purse import moving

    until = clock.now() + timedelta(days=20)
    with moving(wallet.id):
        gift = Movement(
            house_account("gifts"), wallet.id, 7000, reason="voucher", actor="system", lot="granted", expires_at=until
        )
        post("voucher:test", gift)
    assert re.search(r"Credits that expire 7\.0 on \d", text_of(browser_of(sanne.user), "/wallet/"))
    assert "Credits that expire" not in text_of(browser_of(world.customer("Tom", credits=5).user), "/wallet/")


def test_x4_the_file_is_safe_for_spreadsheets_and_has_every_line(world: World) -> None:
    sanne = world.customer(credits=50)
    a_chat(world, sanne, subject='=HYPERLINK("http://evil.example","x")')
    answer = browser_of(sanne.user).get("/wallet/lines.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    rows = text.split("\r\n")
    assert rows[0] == "\ufeffTime,Kind,From,Who,Credits,Balance after it"
    assert len([row for row in rows[1:] if row]) == 4
    assert '"\'=HYPERLINK(""http://evil.example"",""x"")"' in rows[1]
    assert rows[1].endswith(",-2.0,44.0")
    assert not re.search(r'(^|,)"?[=+@]', text.replace("\ufeff", ""), re.MULTILINE)


# -- Help and news ------------------------------------------------------------------------------------------------


def test_k4_the_forum_is_linked_only_where_there_is_one(settings: object) -> None:
    from hub.base.models import HubSetting

    browser = browser_of(people.make_customer())
    for path in ("/", "/help/"):
        assert "forum" not in text_of(browser, path).lower()
    HubSetting.objects.create(name="forum_url", value="https://forum.example.com/")
    HubSetting.objects.create(name="help_phones", value=[{"number": "+31 (0)30 123 45 67", "label": "Weekdays"}])
    _forget()
    page = browser.get("/help/").content.decode()
    assert 'href="https://forum.example.com/"' in page
    assert 'href="tel:+310301234567"' in page


def _forget() -> None:
    from hub.base import snapshots

    snapshots.forget_all()
    cache.clear()


def an_announcement(
    title: str = "Slow e-mail on Sunday", *, audience: str = "customers", **more: object
) -> Announcement:
    at = clock.now() - timedelta(hours=1)
    made = Announcement.objects.create(
        state="published", audience=audience, from_at=at, created_at=at, published_at=at, **more
    )
    AnnouncementText.objects.create(
        announcement=made, language="en", title=title, source="Planned.", html="<p>Planned work.</p>"
    )
    return made


def test_d4_news_is_shown_to_whom_it_is_meant_for_and_seen_once() -> None:
    news = an_announcement()
    hidden = an_announcement("For staff", audience="staff")
    sanne = people.make_customer()
    browser = browser_of(sanne)
    for path in ("/", "/news/"):
        page = text_of(browser, path)
        assert "Slow e-mail on Sunday New" in page
        assert "For staff" not in page
    assert not AnnouncementSeen.objects.exists()  # a title in a list is not read
    for _ in range(2):
        assert "Planned work." in text_of(browser, f"/news/{news.pk}/")
    assert list(AnnouncementSeen.objects.values_list("announcement", "user")) == [(news.pk, sanne.pk)]
    assert "Slow e-mail on Sunday New" not in text_of(browser, "/news/")
    assert browser.get(f"/news/{hidden.pk}/").status_code == 404
    assert browser.get("/news/999999999/").status_code == 404


# -- The widget on the portal -------------------------------------------------------------------------------------


def test_p11_the_portal_tells_its_own_widget_who_is_signed_in() -> None:
    sanne = people.make_customer()
    html = browser_of(sanne).get("/").content.decode()
    token = re.search(r'data-identity="([^"]+)"', html)
    assert token
    assert f'data-site="{PORTAL_SITE_KEY}"' in html
    website = get_website(PORTAL_SITE_KEY)
    assert sign_in_site_user(website, token[1]) == sanne
    another = browser_of(sanne).get("/portal/identity/").json()["token"]
    assert sign_in_site_user(website, another) == sanne


def test_p11_the_portals_tokens_name_living_customers_only() -> None:
    from hub.site.errors import BadIdentity

    website = get_website(sign_portal_customer(0)[0])
    gone = people.make_customer()
    gone.is_active = False
    gone.save()
    others = Website.objects.create(name="Shop")
    for user_id in (gone.pk, people.make_agent().pk, 999_999_999):
        with pytest.raises(BadIdentity):
            sign_in_site_user(website, sign_portal_customer(user_id)[1])
    with pytest.raises(BadIdentity):
        sign_in_site_user(others, sign_portal_customer(people.make_customer().pk)[1])


# -- What a page costs --------------------------------------------------------------------------------------------


def test_c1_a_price_names_its_block_and_what_is_free_to_the_second(world: World) -> None:
    world.department(price_m=3000, block_seconds=150, free_seconds=90)
    page = text_of(browser_of(world.customer(credits=10).user), "/help/")
    assert "3.0 credits per 2 min 30 s. Free of charge: the first 1 min 30 s." in page


@pytest.mark.parametrize("path", ["/", "/chats/", "/wallet/", "/wallet/?each=1", "/help/", "/news/", "/portal/now/"])
def test_a_page_asks_the_database_as_often_for_fifty_rows_as_for_one(world: World, path: str) -> None:
    """Done-point 6: the number of statements is constant."""
    firm = people.make_organisation()
    owner = world._enter(firm.owner, "visitor", here=False, credits=50)
    employee = world._enter(firm.employee, "visitor", here=True, credits=0)
    a_chat(world, employee, minutes=1)
    an_announcement()
    few = statements(owner.user, path)
    many_chats(employee, 50)
    for number in range(20):
        people.join(people.make_customer(f"Member {number}"), firm.organisation, Membership.Role.EMPLOYEE, firm.unit)
        an_announcement(f"News {number}")
    a_chat(world, employee, minutes=6)
    assert statements(owner.user, path) == few
    assert few <= 30


def statements(user: User, path: str) -> int:
    """The fewest of three: once in five seconds a process looks whether settings have changed, whatever the page."""
    browser = browser_of(user)
    counts = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(path).status_code == 200
        counts.append(len(captured))
    return min(counts)
