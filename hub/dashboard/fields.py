"""One labelled field of a form, drawn without a template: a page has up to thirty of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from hub.site.public import icon

# The attributes of an input that come from the options of the same name, where they are given.
_ATTRIBUTES = ("autocomplete", "inputmode", "maxlength", "max", "placeholder")


def field(form: Any, name: str, label: str, **options: Any) -> SafeString:
    """One labelled field of a hub.base.forms.Filled, with its error beside it.

    Options: type, autocomplete, hint, required, optional, inputmode, maxlength, max, placeholder, dir, rows (a
    textarea), choices (a select), class (of the label), id (where a page has two fields of that name).
    """
    values: Mapping[str, object] = form.values if form else {}
    errors: Mapping[str, str] = form.errors if form else {}
    found = values.get(name)
    value, error = "" if found is None else str(found), errors.get(name, "")
    own_id = escape(str(options.get("id", f"field-{name}")))
    said = error or options.get("hint", "")
    start = f'id="{own_id}" name="{escape(name)}"'
    end = f"{' required' if options.get('required') else ''}{_said_by(own_id, said, error)}>"
    if options.get("choices"):
        drawn = (
            f'<span class="selw"><select class="input" {start}{end}{draw_options(options["choices"], value)}</select>'
            f"{icon('chevron-down', 'sm')}</span>"
        )
    elif options.get("rows"):
        attributes = f' rows="{escape(str(options["rows"]))}" dir="auto"{_attribute(options, "maxlength")}'
        drawn = f'<textarea class="input" {start}{attributes}{end}{escape(value)}</textarea>'
    else:
        drawn = f"<input {_input(start, value, options)}{end}"
    hint = f'<span class="hint" id="{own_id}-said">{conditional_escape(said)}</span>' if said else ""
    classes = " ".join(filter(None, ("field", "wrong" if error else "", escape(str(options.get("class", ""))))))
    return mark_safe(  # noqa: S308 - each part is escaped
        f'<div class="{classes}">\n<label class="label" for="{own_id}">{conditional_escape(label)}'
        f"{_optional(options)}</label>\n{drawn}\n{hint}</div>"
    )


def _input(start: str, value: str, options: Mapping[str, Any]) -> str:
    kind, is_latin = options.get("type", "text"), options.get("dir") == "ltr"
    direction = ' dir="auto"' if kind == "text" and not is_latin else ""
    attributes = "".join(_attribute(options, name) for name in _ATTRIBUTES)
    classes = "input ltr" if is_latin else "input"
    return f'class="{classes}" {start} type="{escape(kind)}" value="{escape(value)}"{direction}{attributes}'


def _attribute(options: Mapping[str, Any], name: str) -> str:
    value = options.get(name)
    return f' {name}="{conditional_escape(value)}"' if value else ""


def _said_by(own_id: str, said: object, error: object) -> str:
    described = f' aria-describedby="{own_id}-said"' if said else ""
    return described + (' aria-invalid="true"' if error else "")


def _optional(options: Mapping[str, Any]) -> str:
    wanted = options.get("optional") and not options.get("required")
    return f' <span class="hint">{_("optional")}</span>' if wanted else ""


def draw_options(choices: Iterable[tuple[Any, Any]], value: str) -> SafeString:
    """Of a select: lists of colleagues are long."""
    drawn = []
    for code, text in choices:
        plain = str(code)
        selected = " selected" if plain == value else ""
        drawn.append(f'<option value="{escape(plain)}"{selected}>{escape(str(text))}</option>')
    return mark_safe("".join(drawn))  # noqa: S308 - each part is escaped
