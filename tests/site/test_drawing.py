"""What is drawn once on a page of many rows (hub/site/templatetags/frontend.py)."""

from __future__ import annotations

from django.template import Context, Template
from django.template.loader import render_to_string

ROWS = (
    "{% load frontend %}{% for one in rows %}"
    "[{% drawn_once one.status %}{{ one.status }}{{ one.number }}{% enddrawn_once %}]{% endfor %}"
)


def test_a_part_of_a_row_is_drawn_once_for_each_value_and_anew_on_each_page() -> None:
    rows = [{"status": "open", "number": 1}, {"status": "closed", "number": 2}, {"status": "open", "number": 3}]
    template = Template(ROWS)
    assert template.render(Context({"rows": rows})) == "[open1][closed2][open1]"
    assert template.render(Context({"rows": rows[::-1]})) == "[open3][closed2][open3]"


def test_an_icon_is_what_its_file_draws() -> None:
    drawn = Template('{% load frontend %}{% icon "lock" "sm" %}').render(Context())
    assert drawn == render_to_string("icons/lock.svg", {"size": "sm"})
    assert 'class="i sm"' in drawn
