"""Where apps put what the parts above run for them: the dispatcher's jobs, the board's parts, the audits.

An app registers in its AppConfig.ready(); names are unique.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar


class Named(Protocol):
    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=Named)


class Registry(Generic[T]):
    """Things by name, in the order in which they were registered."""

    def __init__(self) -> None:
        self._by_name: dict[str, T] = {}

    def register(self, item: T) -> None:
        if self._by_name.setdefault(item.name, item) is not item:
            raise ValueError(f"{item.name} is registered twice.")

    def __iter__(self) -> Iterator[T]:
        return iter(list(self._by_name.values()))

    def __getitem__(self, name: str) -> T:
        return self._by_name[name]

    def __len__(self) -> int:
        return len(self._by_name)


@dataclass(frozen=True, slots=True)
class Job:
    """Run by the dispatcher's leader every `every_s`, and at once when one of its `wakes` is notified.

    `run` must be idempotent: it can stop anywhere and run twice.
    """

    name: str
    every_s: float
    run: Callable[[], None]
    wakes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One row of the board as one topic sees it.

    `key` decides whether it changed: equal keys are not published again. It leaves out what a client counts by itself.
    """

    fields: object
    key: object


@dataclass(frozen=True, slots=True)
class BoardPart:
    """One part of the board (`queue`, `sessions`, `agents` …).

    `read` gives {id: {topic: row}} for these ids, or for all; an id or topic that is missing is gone there. `kind` is
    the letter by which a wake names what changed (`board:s:<id>`); several parts may read the same kind.
    """

    name: str
    kind: str
    read: Callable[[Collection[str] | None], Mapping[str, Mapping[str, BoardRow]]]


@dataclass(frozen=True, slots=True)
class Offence:
    """One thing that does not add up: the rule, what it is about, and the figures."""

    rule: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Audit:
    name: str
    find: Callable[[], Iterable[Offence]]


class Audits(Registry[Audit]):
    def add(self, name: str, find: Callable[[], Iterable[Offence]]) -> None:
        self.register(Audit(name, find))


@dataclass(frozen=True, slots=True)
class Ear:
    """Hears what follows the colon of a wake (`board:s:…` for the name `board`). None: news may have been missed.

    Called on the dispatcher's own thread: take note and return.
    """

    name: str
    hear: Callable[[str | None], None]


def _everybody(_person: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class NavItem:
    """A place in the navigation of the portal, of the account menu or of the admin pages.

    `label` is lazily translated, `icon` a file of frontend/templates/icons without its ending, `url_name` a page
    without parameters. `shown` takes the hub.accounts Person who looks: no dead links, and none to pages that refuse.
    `count` says what waits there for them.
    """

    name: str
    label: Any
    icon: str
    url_name: str
    order: int
    shown: Callable[[Any], bool] = _everybody
    count: Callable[[Any], int] | None = None


@dataclass(frozen=True, slots=True)
class CustomerTab:
    """A tab of the customer's page in the admin. `url_name` takes `customer_id`.

    `count` gets the Person who looks and the customer's id, and answers what stands in the badge; None is no badge.
    `shown` gets the same.
    """

    name: str
    label: Any
    order: int
    url_name: str
    count: Callable[[Any, int], int | None] | None = None
    shown: Callable[[Any, int], bool] | None = None


@dataclass(frozen=True, slots=True)
class DepartmentTab:
    """A tab of the department's page in the admin. `url_name` takes `department_id`."""

    name: str
    label: Any
    order: int
    url_name: str


jobs: Registry[Job] = Registry()
ears: Registry[Ear] = Registry()
board_parts: Registry[BoardPart] = Registry()
audits = Audits()
portal_nav: Registry[NavItem] = Registry()
account_menu: Registry[NavItem] = Registry()  # behind the own name, in the portal
admin_nav: Registry[NavItem] = Registry()
customer_tabs: Registry[CustomerTab] = Registry()
department_tabs: Registry[DepartmentTab] = Registry()
