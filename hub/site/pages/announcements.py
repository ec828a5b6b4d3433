"""Announcements on screen (D4): what staff reads, and for the owner writing, publishing and who has seen it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.accounts.public import Department, Invalid, owner_page, staff_page
from hub.base import clock
from hub.base.errors import DomainError
from hub.base.forms import Filled, typed
from hub.base.rich_text import CHARACTERS_MAX, clean
from hub.site.actions import announcements as actions
from hub.site.announcements import published_announcements, text_for
from hub.site.form_pages import done_once, person_of, refused, shown
from hub.site.models import Announcement, AnnouncementSeen

CHANNELS = ("in_portal", "in_widget", "by_email")
SEEN_SHOWN_MAX = 200
AUDIENCES = [
    ("everybody", gettext_lazy("Everybody, visitors too")),
    ("customers", gettext_lazy("Customers")),
    ("organisations", gettext_lazy("Members of organisations")),
    ("department", gettext_lazy("Customers of a department")),
    ("staff", gettext_lazy("Staff")),
]
STATES = {
    "draft": gettext_lazy("Draft"),
    "published": gettext_lazy("Published"),
    "withdrawn": gettext_lazy("Withdrawn"),
}


@require_safe
@staff_page
def news(request: HttpRequest) -> HttpResponse:
    """`/admin/news/`: what is announced to staff, for everybody of them."""
    person = person_of(request)
    shown_now = published_announcements(person, language=translation.get_language() or "en")
    actions.note_seen(person, [one.id for one in shown_now if not one.seen])
    return shown(request, "admin/news.html", {"rows": shown_now})


@require_safe
@owner_page
def index(request: HttpRequest) -> HttpResponse:
    """`/admin/announcements/`."""
    found = (
        Announcement.objects.annotate(seen_count=Count("seen")).prefetch_related("texts").order_by("-from_at", "-pk")
    )
    language, at = translation.get_language() or "en", clock.now()
    rows = [
        {
            "row": row,
            "text": text_for(row.texts.all(), language),
            "audience": dict(AUDIENCES)[row.audience],
            "state": STATES[row.state],
            "is_over": row.until_at is not None and row.until_at <= at,
            "is_ahead": row.from_at > at,
        }
        for row in found[:200]
    ]
    return shown(request, "admin/announcements.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@owner_page
def new(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _save(request, None)
    return _form(request, None, Filled({"audience": "customers", "in_portal": True, "from": _local(clock.now())}))


@require_http_methods(["GET", "POST"])
@owner_page
def edit(request: HttpRequest, announcement_id: int) -> HttpResponse:
    """`/admin/announcements/<id>/`."""
    row = _get(announcement_id)
    if request.method == "POST":
        return _save(request, row)
    return _form(request, row, Filled(_values_of(row)))


def _get(announcement_id: int) -> Announcement:
    found = Announcement.objects.filter(pk=announcement_id).first()
    if found is None:
        raise Http404
    return found


def _values_of(row: Announcement) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(row, name) for name in CHANNELS}
    values |= {"audience": row.audience, "department": row.department_id or ""}
    values |= {"from": _local(row.from_at), "until": _local(row.until_at) if row.until_at else ""}
    for text in row.texts.all():
        values |= {f"title_{text.language}": text.title, f"text_{text.language}": text.source}
        values[f"html_{text.language}"] = text.html
    return values


def _local(at: datetime) -> str:
    """As a field of the browser has it, where the reader is."""
    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M")


def _form(
    request: HttpRequest, row: Announcement | None, form: Filled, refusal: DomainError | None = None
) -> HttpResponse:
    own = (translation.get_language() or "en").split("-")[0]
    languages = sorted(settings.LANGUAGES, key=lambda one: one[0] != own)
    values = {
        "row": row,
        "form": form,
        "state": STATES[row.state] if row else "",
        "languages": [
            {
                "code": code,
                "name": name,
                "title": f"title_{code}",
                "text": f"text_{code}",
                "letters": form.values.get(f"text_{code}", ""),
                "html": _shown_html(form.values.get(f"html_{code}")),
                "error": form.errors.get(f"text_{code}", ""),
                "opened": _is_opened(code, own, form),
            }
            for code, name in languages
        ],
        "audiences": AUDIENCES,
        "departments": [("", "–"), *Department.objects.order_by("position", "pk").values_list("pk", "name")],
        "texts": list(row.texts.order_by("pk")) if row else [],
        "seen": AnnouncementSeen.objects.filter(announcement=row).count() if row else 0,
        "zone": timezone.get_current_timezone_name().replace("_", " "),
    }
    return shown(request, "admin/announcement.html", values, refusal)


def _shown_html(html: object) -> str:
    """What was sent goes into a page only after the cleaner (X3)."""
    return clean(html).html if isinstance(html, str) and len(html) <= CHARACTERS_MAX else ""


def _is_opened(code: str, own: str, form: Filled) -> bool:
    """The writer's language, and every other that has something in it."""
    return code == own or any(form.values.get(f"{part}_{code}") for part in ("title", "text"))


def _save(request: HttpRequest, row: Announcement | None) -> HttpResponse:
    """Saved as it is; with the button `publish` it is told at once."""
    names = ["audience", "department", "from", "until"]
    names += [f"{part}_{code}" for code, _name in settings.LANGUAGES for part in ("title", "text")]
    values: dict[str, object] = {**typed(request.POST, names), **{name: name in request.POST for name in CHANNELS}}
    values |= _from_editor(request.POST, row)
    made: list[Announcement] = []
    person = person_of(request)

    def act() -> None:
        made.append(actions.save_announcement(person, row, _announcement_in(values)))
        if "publish" in request.POST:
            actions.publish(person, made[0])

    try:
        done_once(request, act)
    except DomainError as refusal:
        return _form(request, row, refused(refusal, values), refusal)
    messages.success(request, _("It is published.") if "publish" in request.POST else _("It is saved."))
    if not made:
        return HttpResponseRedirect(reverse("admin-announcements"))
    return HttpResponseRedirect(reverse("admin-announcement", args=[made[0].pk]))


def _from_editor(data: Mapping[str, str], row: Announcement | None) -> dict[str, object]:
    """What the editor sent, by `html_<language>`. Who has no script writes letters; left as they were they keep their
    form.
    """
    kept = {text.language: text for text in row.texts.all()} if row is not None else {}
    found: dict[str, object] = {}
    for code, _name in settings.LANGUAGES:
        before = kept.get(code)
        if f"text_{code}_html" in data:
            found[f"html_{code}"] = data[f"text_{code}_html"].replace("\0", "")
        elif before is not None and data.get(f"text_{code}", "").split() == before.source.split():
            found[f"html_{code}"] = before.html
    return found


def _announcement_in(values: Mapping[str, object]) -> actions.AnnouncementIn:
    texts = {
        code: (str(values[f"title_{code}"]), str(values[f"text_{code}"]))
        for code, _name in settings.LANGUAGES
        if values[f"title_{code}"] or values[f"text_{code}"]
    }
    htmls = {code: str(values[f"html_{code}"]) for code in texts if f"html_{code}" in values}
    department, audience = str(values["department"]), str(values["audience"])
    is_of_one = audience == "department" and department.isdecimal() and len(department) < 19
    return actions.AnnouncementIn(
        texts=texts,
        htmls=htmls,
        audience=audience,
        department_id=int(department) if is_of_one else None,
        in_portal=bool(values["in_portal"]),
        in_widget=bool(values["in_widget"]),
        by_email=bool(values["by_email"]),
        from_at=_moment(values, "from"),
        until_at=_moment(values, "until"),
    )


def _moment(values: Mapping[str, object], name: str) -> datetime | None:
    """In the reader's time zone. Raises Invalid."""
    text = str(values[name])
    if not text:
        return None
    try:
        return timezone.make_aware(datetime.fromisoformat(text).replace(tzinfo=None, second=0, microsecond=0))
    except (ValueError, OverflowError):
        raise Invalid(fields={name: _("Please fill in a day and a time.")}) from None


@require_POST
@owner_page
def change_state(request: HttpRequest, announcement_id: int) -> HttpResponse:
    """Publish, withdraw, or delete what nobody ever saw. The page that follows has the button for the way back."""
    row, person, wanted = _get(announcement_id), person_of(request), request.POST.get("to", "")
    changes = {"publish": actions.publish, "withdraw": actions.withdraw, "delete": actions.delete_draft}
    if wanted not in changes:
        raise Http404
    try:
        changes[wanted](person, row)
    except DomainError as refusal:
        return _form(request, row, refused(refusal, _values_of(row)), refusal)
    said = {"publish": _("It is published."), "withdraw": _("It is withdrawn."), "delete": _("It is deleted.")}
    messages.success(request, said[wanted])
    if wanted == "delete":
        return HttpResponseRedirect(reverse("admin-announcements"))
    return HttpResponseRedirect(reverse("admin-announcement", args=[row.pk]))


@require_safe
@owner_page
def seen_by(request: HttpRequest, announcement_id: int) -> HttpResponse:
    """Who has seen it, the last ones first."""
    row = _get(announcement_id)
    rows = AnnouncementSeen.objects.filter(announcement=row).select_related("user").order_by("-at", "-pk")
    values = {
        "row": row,
        "text": text_for(row.texts.all(), translation.get_language() or "en"),
        "rows": rows[:SEEN_SHOWN_MAX],
        "count": rows.count(),
        "most": SEEN_SHOWN_MAX,
    }
    return shown(request, "admin/announcement_seen.html", values)
