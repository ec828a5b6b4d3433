"""A desk that lives, for who runs the demo for the first time (DEBUG only): a few tickets, articles, a macro, rules.

Made once, in a hub that has no ticket and no article yet; nothing of it is made again when it was changed or deleted.
Everything is done by the actions, as its people would have done it, some of it yesterday.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from hub.accounts.public import Claims, Department, Person, User, load_person
from hub.base import clock
from hub.dashboard import demo_texts as texts
from hub.dashboard.demo import PEOPLE, PRICES, require_demo
from tickets import public as tickets

OWNER, DAAN, LUCA, NILUFAR = "10000001", "10000004", "10000005", "10000006"
SANNE, GIULIA, MARKO, PARISA, HENK, TOM = "20000001", "20000002", "20000003", "20000004", "20000005", "30000003"
COMPUTERS, MAIL, ACCOUNT = range(3)  # the departments, as PRICES has them
TICKET_PRICE_M = 2000


@dataclass(frozen=True, slots=True)
class _Desk:
    people: Mapping[str, Person]
    departments: list[Department]

    def files(self, login: str, department: int, text: texts.Asked, **more: object) -> tickets.Ticket:
        asked = tickets.NewTicket(self.departments[department].pk, text.subject, text.html, **more)  # type: ignore[arg-type]
        return tickets.create(self.people[login], asked)

    def replies(self, login: str, ticket: tickets.Ticket, html: str, status: str = "") -> None:
        tickets.reply(self.people[login], ticket.pk, tickets.Reply(html=html, status=status))


def seed_desk() -> bool:
    """Whether it was made now; each action in a transaction of its own, as ever (docs/how/locking.md). Raises outside
    DEBUG.
    """
    require_demo()
    if tickets.has_anything():
        return False
    people = {one.login: User.objects.get(login_number=one.login) for one in PEOPLE}
    departments = [Department.objects.get(name=name) for name in PRICES]
    desk = _Desk({login: _person(user) for login, user in people.items()}, departments)
    _set_up(desk)
    _write_articles(desk)
    for hours, act in ((50, _long_ago), (26, _yesterday), (5, _this_morning), (1, _just_now)):
        _hours_ago(hours, act, desk)
    tickets.watch_targets()  # what was missed by now is told by now
    tickets.setting_up.set_prices(desk.people[OWNER], departments[COMPUTERS], {"ticket": TICKET_PRICE_M})
    return True


def _person(user: User) -> Person:
    claims = Claims(
        side="staff" if user.is_staff else "visitor",
        expires_at=(clock.now() + timedelta(hours=1)).timestamp(),
        user_id=user.pk,
        two_factor=user.is_staff,
        sign_in_version=user.sign_in_version,
    )
    return load_person(claims)


def _hours_ago(hours: int, act: Callable[[_Desk], None], desk: _Desk) -> None:
    with clock.freeze(clock.now() - timedelta(hours=hours)):
        act(desk)


def _set_up(desk: _Desk) -> None:
    """Questions of a form, targets, a macro, and a rule of each kind."""
    owner, computers = desk.people[OWNER], desk.departments[COMPUTERS]
    setting_up, ruling = tickets.setting_up, tickets.ruling
    setting_up.set_categories(owner, computers, [setting_up.CategoryIn(0, name) for name in texts.CATEGORIES])
    device = setting_up.FieldIn("Which device", "choice", choices=("Laptop", "Computer", "Printer"), required=True)
    setting_up.set_fields(owner, computers, [device, setting_up.FieldIn("Since when", "date")])
    setting_up.set_targets(owner, computers, {"urgent": setting_up.Target(60, 480), "normal": setting_up.Target(480)})
    ruling.save_macro(
        owner,
        name="Ask which device it is",
        deeds=[
            {"do": "reply", "value": "<p>Which device is it, and what stands on its sticker?</p>"},
            {"do": "status", "value": "pending"},
            {"do": "assign", "value": "me"},
        ],
    )
    ruling.save_rule(
        owner,
        name="Smoke and fire first",
        events=["created"],
        conditions=[{"what": "subject", "is": ["smoke", "fire", "rook", "brand", "dim", "fumo", "دود"]}],
        deeds=[{"do": "priority", "value": "urgent"}, {"do": "note", "value": "<p>Call at once: it smells burnt.</p>"}],
    )
    ruling.save_rule(
        owner,
        name="Nobody took it for a day",
        after_hours=24,
        conditions=[{"what": "assigned", "is": [False]}],
        deeds=[{"do": "tag", "value": "forgotten"}],
    )


def _write_articles(desk: _Desk) -> None:
    owner, writing = desk.people[OWNER], tickets.writing
    numbers = {
        key: writing.save_category(owner, None, names, position=position).pk
        for position, (key, names) in enumerate(texts.ARTICLE_CATEGORIES.items())
    }
    for category, said in texts.ARTICLES:
        written = {language: writing.TextIn(*words) for language, words in said.items()}
        row = writing.save_article(owner, None, writing.ArticleIn(texts=written, category_id=numbers[category]))
        writing.publish(owner, row.pk)
    draft = {"nl": writing.TextIn(*texts.DRAFT)}
    writing.save_article(desk.people[DAAN], None, writing.ArticleIn(texts=draft, audience="customers"))


def _long_ago(desk: _Desk) -> None:
    ticket = desk.files(HENK, MAIL, texts.SPAM)
    desk.replies(LUCA, ticket, texts.SPAM.answer, "solved")
    desk.files(MARKO, MAIL, texts.SENDING)  # nobody has taken it: the rule marks it


def _yesterday(desk: _Desk) -> None:
    slow = desk.files(PARISA, COMPUTERS, texts.SLOW, fields={"which_device": "Laptop"})
    desk.replies(NILUFAR, slow, texts.SLOW.answer, "pending")
    invoice = desk.files(GIULIA, ACCOUNT, texts.INVOICE)
    desk.replies(DAAN, invoice, texts.INVOICE.answer, "solved")


def _this_morning(desk: _Desk) -> None:
    stripes = desk.files(SANNE, COMPUTERS, texts.STRIPES, fields={"which_device": "Printer"})
    tickets.change(desk.people[DAAN], stripes.pk, tickets.Changes(agent_id=desk.people[DAAN].user_id))
    tickets.note(desk.people[DAAN], stripes.pk, texts.STRIPES_NOTE)
    desk.replies(DAAN, stripes, texts.STRIPES.answer, "pending")
    desk.replies(SANNE, stripes, texts.STRIPES_AGAIN)


def _just_now(desk: _Desk) -> None:
    desk.files(TOM, COMPUTERS, texts.SMOKE, fields={"which_device": "Computer"})
