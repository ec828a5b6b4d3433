"""Time in the server of the portal's pages and of finding a customer, among 200,000; what a first visit weighs.

`python -m bench.portal` (a minute or two to make the people). Requests go through Django's test client in this process:
every middleware, session, view, statement and template of ours, PostgreSQL beside it with fsync on; not Daphne and the
line, which bench/messages measures. `--customers N` for another size; `--keep FOLDER` makes the people there once and
leaves them for the next run; `--only TEXT` measures the visits with this in their line.
"""

from __future__ import annotations

import argparse
import gzip
import re
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.database import own_database

if TYPE_CHECKING:
    from django.test import Client

    from bench.people import Size

HOST = "127.0.0.1"
ROUNDS = 40
WARM_UP = 4
BAR_MS = 50
WEIGHT_KIB_MAX = 60
FONTS_MAX = 2


@dataclass(frozen=True)
class Visit:
    """What is asked for, by whom; each round asks the next of `paths`."""

    who: str
    what: str
    client: Client
    paths: Sequence[str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=200_000)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--only", default="")
    asked = parser.parse_args()
    customers = asked.customers
    with own_database(asked.keep):
        from django.conf import settings

        import hub.asgi  # noqa: F401 - as the web server: what is loaded by then stays out of the collector's way
        from bench import people
        from credits.ledger.tallies import keep_tallies

        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # WhiteNoise warns where there is none
        size = people.Size(customers=customers, members=int(customers * 0.15))
        began = time.perf_counter()
        made = people.seed_once(size)
        print(f"{size.customers:,} customers, {size.members:,} in {size.companies:,} companies;", end=" ")
        print(f"made in {time.perf_counter() - began:.0f} s.\n" if made else "made before.\n")
        keep_tallies()  # as every night does (docs/how/ledger.md)
        _table("Portal", _portal(size), asked.only)
        _table("Finding a customer", _finding(size), asked.only)
        if not asked.only:
            _weights(size)


# -- Time --------------------------------------------------------------------------------------------------------------
def _table(title: str, visits: Iterator[Visit], only: str, bar_ms: int = BAR_MS) -> None:
    print(f"| {title} (bar: p95 under {bar_ms} ms) | p50 ms | p95 ms | own CPU, p50 | statements | |")
    print("|---|---|---|---|---|---|")
    for visit in visits:
        if only not in f"{visit.who}: {visit.what}":
            continue
        times, busy, statements = _measure(visit)
        p50, p95, cpu = statistics.median(times), statistics.quantiles(times, n=20)[-1], statistics.median(busy)
        missed = "" if p95 < bar_ms else "**missed**"
        print(
            f"| {visit.who}: {visit.what} | {p50:.1f} | {p95:.1f} | {cpu:.1f} | {statements} | {missed} |", flush=True
        )
    print()


def _measure(visit: Visit) -> tuple[list[float], list[float], int]:
    """Milliseconds on the clock, those of them in which this process had a CPU, and how many statements one takes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for number in range(WARM_UP):
        _get(visit, number)
    times, busy = [], []
    for number in range(ROUNDS):
        began, began_busy = time.perf_counter(), time.process_time()
        _get(visit, number)
        times.append((time.perf_counter() - began) * 1000)
        busy.append((time.process_time() - began_busy) * 1000)
    with CaptureQueriesContext(connection) as captured:
        _get(visit, 0)
    return times, busy, len(captured)


def _get(visit: Visit, number: int) -> bytes:
    path = visit.paths[number % len(visit.paths)]
    answer = visit.client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code} to {visit.who}.")
    return bytes(answer.content)


def _browser_of(user_id: int) -> Client:
    from django.test import Client
    from django_otp import DEVICE_ID_SESSION_KEY
    from django_otp.plugins.otp_totp.models import TOTPDevice

    from hub.accounts.models import User

    client, user = Client(SERVER_NAME=HOST), User.objects.get(pk=user_id)
    client.force_login(user)
    if user.is_staff:
        session = client.session
        session[DEVICE_ID_SESSION_KEY] = TOTPDevice.objects.create(user=user, confirmed=True).persistent_id
        session.save()
    return client


def _portal(size: Size) -> Iterator[Visit]:
    from chat.models import Session

    chat = Session.objects.filter(customer_id=size.heavy).order_by("-opened_at").first()
    private = _browser_of(size.heavy)
    for what, path in (
        ("home", "/"),
        ("wallet", "/wallet/"),
        ("wallet, searched", "/wallet/?since=2026-01-01"),
        ("chats", "/chats/"),
        ("chats, searched", "/chats/?q=printer"),
        ("one chat", f"/chats/{chat.pk if chat else ''}/"),
        ("profile", "/profile/"),
        ("security", "/profile/security/"),
        ("devices", "/profile/devices/"),
        ("help", "/help/"),
    ):
        yield Visit(f"customer with {size.chats_of_heavy} chats", what, private, [path])
    owner, manager = _browser_of(1), _browser_of(2)
    for what, path in (
        ("home", "/"),
        ("wallet", "/wallet/"),
        ("wallet, a kind", "/wallet/?kind=charge"),
        ("chats", "/chats/"),
        ("personnel", "/personnel/"),
        ("personnel, searched", "/personnel/?q=jansen"),
    ):
        yield Visit(f"owner of a company of {size.big_company}", what, owner, [path])
        yield Visit("manager there", what, manager, [path])
    clerk, employee = _browser_of(777), _browser_of(size.big_company + size.company)
    for what, path in (("home", "/"), ("wallet", "/wallet/"), ("chats", "/chats/")):
        yield Visit("employee there", what, clerk, [path])
    yield Visit("employee of a small company", "home", employee, ["/"])
    yield Visit("employee of a small company", "wallet", employee, ["/wallet/"])


def _finding(size: Size) -> Iterator[Visit]:
    from hub.accounts.models import CustomerProfile, Organisation, User

    owner = _browser_of(size.customers + size.staff)
    some = list(User.objects.filter(pk__in=range(7, size.customers, size.customers // 20)).order_by("pk"))
    company = Organisation.objects.get(pk=size.companies // 2)
    typed: tuple[tuple[str, list[str]], ...] = (
        ("nothing: the first page", [""]),
        ("a common last name", ["jansen", "horvat", "rossi", "احمدی"]),
        ("first and last name", [f"{one.first_name} {one.last_name}" for one in some]),
        ("two letters", ["ja", "ko", "ad"]),
        ("without accents", ["kovacevic ana", "muller"]),
        ("login number", [one.login_number for one in some]),
        ("a part of it", [one.login_number[2:7] for one in some]),
        ("phone, as people write it", [f"06 {one.mobile[4:8]} {one.mobile[8:]}" for one in some if one.mobile]),
        ("e-mail", [one.email for one in some]),
        ("a domain of half of them", ["@werk.example"]),
        ("company", [company.name, "Bakkerij Jansen"]),
        ("what nobody has", ["xqzv", "jansen xqzv", "+31699999999"]),
    )
    for what, texts in typed:
        yield Visit("hub owner", what, owner, [_address("/admin/customers/", text) for text in texts])
    yield Visit(
        "hub owner",
        "palette, first and last name",
        owner,
        [_address("/admin/find/", f"{one.first_name} {one.last_name}") for one in some],
    )
    agent, manager = _browser_of(size.customers + 1), _browser_of(size.customers + size.staff - 1)
    for who, client in (("agent", agent), ("manager", manager)):
        for what, texts in (typed[0], typed[1], typed[2], typed[8], typed[11]):
            yield Visit(who, what, client, [_address("/admin/customers/", text) for text in texts])
    pages = [f"/admin/customers/{one.pk}/" for one in some]
    yield Visit("hub owner", "a customer's page", owner, pages)
    of_manager = CustomerProfile.objects.filter(bound_department=size.departments - 1)[:20]
    yield Visit("manager", "a customer's page", manager, [f"/admin/customers/{one.pk}/" for one in of_manager])


def _address(path: str, text: str) -> str:
    from urllib.parse import urlencode

    return f"{path}?{urlencode({'q': text})}" if text else path


# -- Weight ------------------------------------------------------------------------------------------------------------
def _weights(size: Size) -> None:
    """Page, sheets and scripts as they are packed on the wire; fonts are counted by what the page's letters ask for."""
    from django.conf import settings

    dist = Path(settings.FRONTEND_DIST)
    print(f"| First visit (bar: {WEIGHT_KIB_MAX} KiB without fonts, {FONTS_MAX} font files) | KiB | font files | |")
    print("|---|---|---|---|")
    for language in ("en", "fa"):
        for what, client, path in _first_visits(size):
            html = _shown(client, path, language)
            names = dict.fromkeys(re.findall(r'(?:href|src)="/static/([^"]+)"', html))
            files = [dist / name for name in names if not name.endswith(".woff2")]
            brand = [client.get(found).content for found in re.findall(r'href="(/brand/[^"]+)"', html)]
            texts = [html.encode(), *brand, *(file.read_bytes() for file in files)]
            packed = [len(gzip.compress(text, 6)) for text in texts]
            sheet = "".join(file.read_text(encoding="utf-8") for file in files if file.suffix == ".css")
            fonts = _fonts(html, sheet, language)
            kib = sum(packed) / 1024
            missed = "" if kib <= WEIGHT_KIB_MAX and len(fonts) <= FONTS_MAX else "**missed**"
            print(f"| {what}, {language} | {kib:.1f} | {len(fonts)} | {missed} |", flush=True)


def _first_visits(size: Size) -> Iterator[tuple[str, Client, str]]:
    from django.test import Client

    private, owner = _browser_of(size.heavy), _browser_of(1)
    yield "signing in", Client(SERVER_NAME=HOST), "/login/"
    yield "registering", Client(SERVER_NAME=HOST), "/register/"
    yield "home, classic", private, "/"
    yield "home, compact", owner, "/"
    yield "wallet", private, "/wallet/"
    yield "personnel", owner, "/personnel/"


def _shown(client: Client, path: str, language: str) -> str:
    answer: Any = client.get(path, headers={"accept-language": language})
    return str(answer.content.decode())


def _fonts(html: str, sheet: str, language: str) -> set[str]:
    """The files of the page's own families that have a letter of it: a browser loads no others."""
    letters = {ord(sign) for sign in re.sub(r"<(script|style|template).*?</\1>|<[^>]*>", "", html, flags=re.DOTALL)}
    named = re.findall(rf"(?::root|:lang\({language}\))\s*\{{[^}}]*?--font-sans:\s*([^;}}]+)", sheet)
    families = named[-1] if named else ""
    fonts = set()
    for face in re.findall(r"@font-face\s*\{([^}]*)\}", sheet):
        files = re.findall(r"url\(([^)]+?\.woff2)", face)
        family = re.search(r"font-family:\s*([^;]+)", face)
        ranges = re.search(r"unicode-range:\s*([^;}]+)", face)
        if not files or family is None or not _is_named(family[1], families):
            continue
        if ranges is None or any(_covers(ranges[1], letter) for letter in letters):
            fonts.add(files[0].rpartition("/")[2])
    return fonts


def _is_named(family: str, families: str) -> bool:
    return family.strip(" \"'") in [one.strip(" \"'") for one in families.split(",")]


def _covers(ranges: str, letter: int) -> bool:
    for part in ranges.replace(" ", "").upper().split(","):
        first, _, last = part.removeprefix("U+").partition("-")
        if int(first.replace("?", "0"), 16) <= letter <= int((last or first).replace("?", "F"), 16):
            return True
    return False


if __name__ == "__main__":
    main()
