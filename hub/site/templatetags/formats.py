"""Filters for what differs by language beside the text: numbers, credits, dates, times (docs/how/languages.md).

`{% load formats %}`, then `{{ balance_m|credits }}`, `{{ line.amount_m|amount }}`, `{{ count|number }}`,
`{{ born|day }}`, `{{ at|moment }}`, `{{ at|time_of_day }}`, `{{ at|since }}`, `{{ seconds|duration }}`,
`{{ block|exact_duration }}`.
Nothing (`None`, an empty text) stays nothing. A count inside `{% blocktranslate count %}` needs `with shown=n|number`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import template

from hub.base import amounts, formats
from hub.site.drawn import amount

register = template.Library()


def _filter(name: str, write: Callable[[Any], str]) -> None:
    register.filter(name, lambda value: "" if value is None or value == "" else write(value))


_filter("number", formats.number)
_filter("credits", formats.credits)
_filter("field_amount", amounts.field_text)  # as it stands in a field
_filter("day", formats.day)
_filter("short_day", formats.short_day)
_filter("month", formats.month)
_filter("weekday", formats.weekday)
_filter("moment", formats.moment)
_filter("time_of_day", formats.time_of_day)
_filter("since", formats.since)
_filter("duration", formats.duration)
_filter("exact_duration", formats.exact_duration)
_filter("file_size", formats.file_size)
_filter("clock_time", formats.clock_time)

register.filter("amount", amount)
