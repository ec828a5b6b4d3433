"""`/admin/articles/`: writing help articles (K1, K3). Any of the staff drafts; managers and the hub owner publish."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.accounts.public import staff_page
from hub.base.errors import Conflict, DomainError, NotFound
from hub.base.filters import number_of
from hub.base.forms import KEY_CHARACTERS_MAX, KEY_FIELD, Filled, typed
from hub.base.rich_text import clean
from hub.site.public import done_once, person_of, refused, shown
from tickets.admin.rich_fields import rich_text_in
from tickets.admin.rows import Row, pressed, rearranged, typed_rows
from tickets.knowledge import shelf, writing
from tickets.knowledge.from_ticket import begin_of_ticket
from tickets.knowledge.readers import may_publish, require_publisher
from tickets.models import Article, ArticleCategory, ArticleVersion

KINDS = [
    (Article.Kind.ARTICLE, gettext_lazy("Article")),
    (Article.Kind.RELEASE_NOTES, gettext_lazy("Release notes")),
    (Article.Kind.REQUIREMENTS, gettext_lazy("System requirements")),
]
AUDIENCES = [
    (Article.Audience.PUBLIC, gettext_lazy("Everybody, visitors too")),
    (Article.Audience.CUSTOMERS, gettext_lazy("Customers")),
    (Article.Audience.STAFF, gettext_lazy("Staff")),
]
STATES = [
    ("published", gettext_lazy("Published")),
    ("changed", gettext_lazy("With a newer draft")),
    ("draft", gettext_lazy("Not published")),
]
FIELDS = ("kind", "audience", "category", "title", "keywords", "written")
_form_page = require_http_methods(["GET", "HEAD", "POST"])


def _own_language() -> str:
    return (translation.get_language() or "en").split("-")[0]


@require_safe
@staff_page
def index(request: HttpRequest) -> HttpResponse:
    said = {name: request.GET.get(name, "").replace("\0", "").strip()[:100] for name in ("q", "category", "kind")}
    said |= {name: request.GET.get(name, "")[:20] for name in ("audience", "state")}
    before = number_of(request.GET.get("before"))
    wanted = shelf.Wanted(said["q"], number_of(said["category"]), said["kind"], said["audience"], said["state"], before)
    rows, is_more = shelf.lines(person_of(request), wanted, _own_language())
    older = {**{name: value for name, value in said.items() if value}, "before": rows[-1].article.pk} if is_more else {}
    values = {
        "rows": rows,
        "audiences": dict(AUDIENCES),
        "said": said,
        "narrowed": any(said.values()),
        "choices": {
            "category": [("", _("All")), *((str(pk), name) for pk, name in shelf.categories(_own_language()))],
            "kind": [("", _("All")), *KINDS],
            "audience": [("", _("All")), *AUDIENCES],
            "state": [("", _("All")), *STATES],
        },
        "older": urlencode(older),
        "may_publish": may_publish(person_of(request)),
    }
    return shown(request, "admin/tickets/articles.html", values)


# -- One article -------------------------------------------------------------------------------------


@_form_page
@staff_page
def new(request: HttpRequest) -> HttpResponse:
    """`?ticket=<number>` begins with what was asked and answered there (K3)."""
    language = _language_of(request)
    if request.method == "POST":
        return _posted(request, None, language)
    values: dict[str, object] = {"kind": Article.Kind.ARTICLE, "audience": Article.Audience.PUBLIC}
    ticket = request.GET.get("ticket", "")
    if not ticket:
        return _page(request, None, language, Filled(values), "")
    try:
        begun = begin_of_ticket(person_of(request), ticket)
    except NotFound as error:
        raise Http404 from error
    return _page(request, None, language, Filled({**values, "title": begun.title}), begun.html, ticket=ticket)


@_form_page
@staff_page
def edit(request: HttpRequest, article_id: int) -> HttpResponse:
    row, language = _get(request, article_id), _language_of(request)
    if request.method == "POST":
        return _posted(request, row, language)
    newest = shelf.newest(row, language)
    return _page(request, row, language, Filled(_values_of(row, newest)), newest.html if newest else "")


def _get(request: HttpRequest, article_id: int) -> Article:
    found = Article.objects.visible_to(person_of(request)).filter(pk=article_id).select_related("category").first()
    if found is None:
        raise Http404
    return found


def _language_of(request: HttpRequest) -> str:
    asked = request.GET.get("language", "")
    return asked if asked in dict(settings.LANGUAGES) else _own_language()


def _values_of(row: Article, newest: ArticleVersion | None) -> dict[str, object]:
    return {
        "kind": row.kind,
        "audience": row.audience,
        "category": row.category_id or "",
        "title": newest.title if newest else "",
        "keywords": newest.keywords if newest else "",
        "written": _moment_of(newest),
    }


def _moment_of(version: ArticleVersion | None) -> str:
    return version.written_at.isoformat() if version is not None else ""


def _posted(request: HttpRequest, row: Article | None, language: str) -> HttpResponse:
    """Saved as a draft; with `publish` it is published at once, with `preview` nothing is saved.

    Sent again, since the answer was lost, it is the same article and the same draft, with what was written since.
    """
    person, values = person_of(request), {**typed(request.POST, FIELDS)}
    newest = shelf.newest(row, language) if row is not None else None
    html = ""
    try:
        html = rich_text_in(request.POST, "body", before=newest.html if newest else "").html
        if "preview" in request.POST:
            return _page(request, row, language, _same_form(request, Filled(values)), html, preview=html)
        _require_newest(newest, values, html)
        if "publish" in request.POST:
            require_publisher(person)
        made = _save(request, row, language, values, html)
    except Conflict as refusal:
        return _overtaken(request, row, language, values, html, refusal)
    except DomainError as refusal:
        return _page(request, row, language, _same_form(request, refused(refusal, values)), html, refusal=refusal)
    messages.success(request, _("It is published.") if "publish" in request.POST else _("The draft is saved."))
    return _to(made.pk, language)


def _require_newest(newest: ArticleVersion | None, values: Mapping[str, str], html: str) -> None:
    """Raises Conflict: somebody saved other words since the form was opened."""
    if newest is None or values["written"] == _moment_of(newest):
        return
    if not writing.says_the_same(newest, writing.TextIn(values["title"], html, values["keywords"])):
        raise Conflict


def _overtaken(
    request: HttpRequest, row: Article | None, language: str, values: Mapping[str, str], html: str, refusal: Conflict
) -> HttpResponse:
    """What was typed, with the other one's words beside it. Sent once more it counts; what was new is another one."""
    newest = shelf.newest(row, language) if row is not None else None
    form = refused(refusal, {**values, "written": _moment_of(newest)})
    return _page(request, row, language, form, html, refusal=refusal, theirs=newest)


def _same_form(request: HttpRequest, form: Filled) -> Filled:
    """With the key that it had: what it makes is made once."""
    return replace(form, key=_key_of(request) or form.key)


def _key_of(request: HttpRequest) -> str:
    return request.POST.get(KEY_FIELD, "").replace("\0", "")[:KEY_CHARACTERS_MAX]


@transaction.atomic
def _save(request: HttpRequest, row: Article | None, language: str, values: Mapping[str, str], html: str) -> Article:
    person, category = person_of(request), number_of(values["category"])
    saved = writing.ArticleIn(
        texts={language: writing.TextIn(values["title"], html, values["keywords"])},
        kind=values["kind"] if values["kind"] in Article.Kind.values else None,
        audience=values["audience"] if values["audience"] in Article.Audience.values else None,
        category_id=category,
        no_category=category is None,
    )
    made = writing.save_article(person, row.pk if row is not None else None, saved, key=_key_of(request))
    return writing.publish(person, made.pk) if "publish" in request.POST else made


def _to(article_id: int | None, language: str) -> HttpResponse:
    if article_id is None:
        return HttpResponseRedirect(reverse("admin-articles"))
    return HttpResponseRedirect(reverse("admin-article", args=[article_id]) + f"?language={language}")


def _page(
    request: HttpRequest,
    row: Article | None,
    language: str,
    form: Filled,
    html: str,
    *,
    refusal: DomainError | None = None,
    preview: str = "",
    ticket: str = "",
    theirs: ArticleVersion | None = None,
) -> HttpResponse:
    errors = {name.removesuffix(f"_{language}"): text for name, text in form.errors.items()}
    form = Filled(form.values, errors, form.summary, form.key)
    own = _own_language()
    values = {
        "article": row,
        "form": form,
        "language": language,
        "tongues": shelf.tongues(row),
        "html": html,
        "letters": clean(html).text,
        "kinds": KINDS,
        "audiences": AUDIENCES,
        "categories": [("", "–"), *shelf.categories(own)],
        "versions": shelf.versions(row, language) if row is not None else [],
        "figures": shelf.figures(row) if row is not None else None,
        "comments": shelf.comments(row) if row is not None else [],
        "may_publish": may_publish(person_of(request)),
        "preview": preview,
        "ticket": ticket,
        **({"beside": theirs, "beside_code": ""} if theirs is not None else _beside(request, row, language)),
    }
    return shown(request, "admin/tickets/article.html", values, refusal)


def _beside(request: HttpRequest, row: Article | None, language: str) -> dict[str, object]:
    """What is shown next to the text: another language of it, or an earlier version of this one."""
    if row is None:
        return {"beside": None, "beside_code": ""}
    number, other = number_of(request.GET.get("version")), request.GET.get("beside", "")
    if number is not None:
        return {"beside": row.versions.filter(language=language, number=number).first(), "beside_code": ""}
    if other in dict(settings.LANGUAGES) and other != language:
        return {"beside": shelf.newest(row, other), "beside_code": other}
    return {"beside": None, "beside_code": ""}


@require_POST
@staff_page
def change_state(request: HttpRequest, article_id: int) -> HttpResponse:
    """Publish what is newest in each language, withdraw it, or discard what was never published."""
    row, person = _get(request, article_id), person_of(request)
    said = {"publish": _("It is published."), "withdraw": _("It is withdrawn."), "discard": _("The draft is deleted.")}
    wanted = request.POST.get("to", "")
    if not may_publish(person):
        raise Http404
    if wanted not in said:
        return _to(row.pk, _language_of(request))
    acts = {"publish": writing.publish, "withdraw": writing.withdraw, "discard": writing.discard}
    try:
        done_once(request, lambda: acts[wanted](person, row.pk))
    except DomainError as refusal:
        messages.error(request, refusal.text(translation.get_language() or "en"))
        return _to(row.pk, _language_of(request))
    messages.success(request, said[wanted])
    return _to(None if wanted == "discard" else row.pk, _language_of(request))


@require_POST
@staff_page
def take_back(request: HttpRequest, article_id: int) -> HttpResponse:
    """The words of an earlier version become the draft again; nothing that was published changes."""
    row, language = _get(request, article_id), _language_of(request)
    number = number_of(request.POST.get("version"))
    old = row.versions.filter(language=language, number=number).first() if number is not None else None
    if old is None:
        messages.warning(request, _("This version is not there."))
        return _to(row.pk, language)
    text = writing.TextIn(old.title, old.html, old.keywords)
    done_once(
        request, lambda: writing.save_article(person_of(request), row.pk, writing.ArticleIn(texts={language: text}))
    )
    messages.success(request, _("The words of that version are the draft now."))
    return _to(row.pk, language)


# -- Categories --------------------------------------------------------------------------------------


@_form_page
@staff_page
def categories(request: HttpRequest) -> HttpResponse:
    """Their order, and their names in each language. For managers and the hub owner."""
    if not may_publish(person_of(request)):
        raise Http404
    names = [f"name_{code}" for code, _name in settings.LANGUAGES]
    if request.method != "POST":
        there = list(ArticleCategory.objects.order_by("position", "pk"))
        return _categories(request, [_category_row(row) for row in there], [row.pk for row in there])
    rows = typed_rows(request.POST, "categories", ["id", *names], most=writing.CATEGORIES_MAX + 1)
    known = _known(request)
    button = pressed(request.POST, "categories")
    if button is not None:
        new_row: Row = {"id": "", "is_new": True}
        rows = rearranged(rows, *button, new=new_row, most=writing.CATEGORIES_MAX)
        return _categories(request, rows, known, unsaved=True)
    rows = [row for row in rows if row["id"] or _names_in(row)]  # a new one in which nothing was written is none
    wanted = [(number_of(str(row["id"])) or 0, _names_in(row)) for row in rows]
    try:
        done_once(request, lambda: writing.set_categories(person_of(request), wanted, known=known))
    except Conflict as refusal:
        since = ArticleCategory.objects.exclude(pk__in=known).order_by("position", "pk")
        rows += [_category_row(row) for row in since]
        return _categories(request, rows, [*known, *(row.pk for row in since)], refusal=refusal)
    except DomainError as refusal:
        return _categories(request, rows, known, refusal=refusal)
    messages.success(request, _("The categories are saved."))
    return HttpResponseRedirect(reverse("admin-article-categories"))


def _known(request: HttpRequest) -> list[int]:
    """Those that there were when the list was opened."""
    return [found for one in request.POST.get("known", "").split(",") if (found := number_of(one)) is not None]


def _category_row(row: ArticleCategory) -> Row:
    return {"id": str(row.pk), **{f"name_{code}": row.names.get(code, "") for code, _name in settings.LANGUAGES}}


def _names_in(row: Row) -> dict[str, str]:
    """The own language first, which readers of other languages get where there is no name of theirs."""
    codes = sorted((code for code, _name in settings.LANGUAGES), key=lambda code: code != _own_language())
    return {code: str(row[f"name_{code}"]) for code in codes if row[f"name_{code}"]}


def _categories(
    request: HttpRequest,
    rows: list[Row],
    known: list[int],
    *,
    unsaved: bool = False,
    refusal: DomainError | None = None,
) -> HttpResponse:
    form = refused(refusal, {}) if refusal is not None else Filled()
    languages = list(settings.LANGUAGES)
    drawn = [
        {
            **row,
            "names": [(code, name, f"name_{code}", row.get(f"name_{code}", "")) for code, name in languages],
            "error": form.errors.get(f"names_{number}", ""),
        }
        for number, row in enumerate(rows)
    ]
    values = {"rows": drawn, "form": form, "unsaved": unsaved, "known": ",".join(map(str, known))}
    return shown(request, "admin/tickets/article_categories.html", values, refusal)
