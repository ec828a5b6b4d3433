"""What the hub owner sets on screen, with no restart (A2). Code reads `hub_settings().<name>`.

Adding one is adding a field here: its type decides how it is checked and drawn, `Setting` says the rest. Values that
were changed are rows; what nobody changed is the default. The page and the action that changes them are hub.site's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_noop

from hub.base.models import HubSetting
from hub.base.snapshots import Snapshot

NAME = "hub_settings"


@dataclass(frozen=True, slots=True)
class Phone:
    """A number to call, as people read it, and what it is for."""

    number: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """How a setting is shown. `group` is one of GROUPS; label and hint are msgids."""

    group: str
    label: str
    hint: str = ""
    unit: str = ""
    minimum: int | None = None
    maximum: int | None = None


GROUPS = {
    "help": gettext_noop("Help"),
    "codes": gettext_noop("Sign-in codes"),
    "messages": gettext_noop("Text messages"),
    "queue": gettext_noop("Queue"),
    "credits": gettext_noop("Credits"),
    "files": gettext_noop("Files"),
    "keeping": gettext_noop("How long data are kept"),
}


def _set(default: Any, setting: Setting) -> Any:
    return field(default=default, metadata={"setting": setting})


@dataclass(frozen=True, slots=True)
class HubSettings:
    help_phones: tuple[Phone, ...] = _set(
        (),
        Setting(
            "help",
            gettext_noop("Phone numbers"),
            gettext_noop("One per line, for instance: +31 30 123 45 67, Weekdays"),
        ),
    )
    help_email: str = _set("", Setting("help", gettext_noop("E-mail address for questions")))
    forum_url: str = _set(
        "",
        Setting(
            "help", gettext_noop("Address of the forum"), gettext_noop("Left empty, customers see no link to a forum.")
        ),
    )
    email_code_fallback: bool = _set(
        True,
        Setting(
            "codes",
            gettext_noop("Staff without their authenticator app may confirm with a code by e-mail"),
        ),
    )
    sms_countries: tuple[str, ...] = _set(
        ("NL", "BE", "DE", "HR", "IT"),
        Setting(
            "messages",
            gettext_noop("Countries to which text messages are sent"),
            gettext_noop("Two-letter codes, separated by commas: NL, BE, DE"),
        ),
    )
    sms_cents_per_day_max: int = _set(
        2500,
        Setting(
            "messages",
            gettext_noop("Most that text messages may cost per day"),
            gettext_noop("In cents. Beyond it none are sent until the next day."),
            minimum=0,
            maximum=10_000_000,
        ),
    )
    sms_part_cents: int = _set(
        10,
        Setting(
            "messages",
            gettext_noop("What a text message costs"),
            gettext_noop(
                "In cents, for each 160 signs (70 in scripts such as Persian), in the dearest of the countries."
            ),
            minimum=1,
            maximum=1000,
        ),
    )
    queue_ageing_s: int = _set(
        120, Setting("queue", gettext_noop("Waiting turns yellow after"), unit="s", minimum=10, maximum=86_400)
    )
    queue_overdue_s: int = _set(
        300, Setting("queue", gettext_noop("Waiting turns red after"), unit="s", minimum=20, maximum=86_400)
    )
    owner_credits_max: int = _set(
        0,
        Setting(
            "credits",
            gettext_noop("Credits that a hub owner may add, take away or give back alone"),
            gettext_noop("More waits until another hub owner approves it. 0 is no limit."),
            minimum=0,
            maximum=10_000_000,
        ),
    )
    files_quota_customer_mb: int = _set(
        0,
        Setting(
            "files",
            gettext_noop("Room for the files of one customer"),
            gettext_noop("0 is no limit."),
            unit="MB",
            minimum=0,
            maximum=10_000_000,
        ),
    )
    files_quota_organisation_mb: int = _set(
        0,
        Setting(
            "files",
            gettext_noop("Room for the files of all members of one organisation"),
            gettext_noop("0 is no limit."),
            unit="MB",
            minimum=0,
            maximum=10_000_000,
        ),
    )
    # Kind of data to days; what is missing is kept as its rule says, 0 is for ever (P10).
    retention_days: Mapping[str, int] = field(
        default_factory=lambda: MappingProxyType({}),
        metadata={"setting": Setting("keeping", gettext_noop("Days"))},
    )


def setting_of(name: str) -> Setting:
    """How this setting is shown. Raises KeyError."""
    return _SETTINGS[name]


_SETTINGS: dict[str, Setting] = {one.name: one.metadata["setting"] for one in fields(HubSettings)}


def hub_settings() -> HubSettings:
    """As they are now, a change of another process within seconds. Costs no statement while nothing changed."""
    return _snapshot.get()


def _read() -> HubSettings:
    rows = dict(HubSetting.objects.values_list("name", "value"))
    return HubSettings(**{name: from_json(name, value) for name, value in rows.items() if name in _SETTINGS})


def from_json(name: str, value: Any) -> Any:
    """As the row has it: lists are tuples, phones are phones, a mapping cannot be changed."""
    if name == "help_phones":
        return tuple(Phone(**one) for one in value)
    if isinstance(value, dict):
        return MappingProxyType(value)
    return tuple(value) if isinstance(value, list) else value


_snapshot = Snapshot(NAME, _read, without=HubSettings)
