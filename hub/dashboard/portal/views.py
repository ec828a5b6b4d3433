"""The portal's own pages: home, help, news. Chats and the wallet have theirs in their apps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from credits import public as money
from hub.accounts.public import customer_page, sees_other_members, signed_in_page
from hub.base import clock
from hub.dashboard.portal import forum, help_page, home, news
from hub.dashboard.portal.purse import wallet_of
from hub.site.public import person_of, sign_portal_customer
from tickets.public import live_on_home

if TYPE_CHECKING:
    from hub.accounts.public import Person


@require_safe
@customer_page
def home_page(request: HttpRequest) -> HttpResponse:
    """`/` of a customer who is signed in; the start page's view comes here."""
    person = person_of(request)
    wallet = wallet_of(request, person)
    now = home.read_now(person, wallet)
    values = {
        "greeting": home.greeting(_called(request, person), clock.now()),
        "today": clock.now(),
        "now": now,
        "purse": home.read_purse(wallet, now.price),
        "sells": money.sells_to(person, wallet),
        "past": home.read_past(person),
        "several_people": sees_other_members(person),
        "team": home.read_team(person, wallet),
        "tickets": live_on_home(person),
        "news": news.newest(person),
        "help": help_page.read_contacts(),
    }
    return render(request, "portal/home.html", values)


def _called(request: HttpRequest, person: Person) -> str:
    """By the first name, as people are greeted; else as others see them (P8)."""
    return getattr(request.user, "first_name", "") or person.name


@require_safe
@customer_page
def now_part(request: HttpRequest) -> HttpResponse:
    """The part of the home page that is live: who is free, the price, the chats that run."""
    person = person_of(request)
    now = home.read_now(person, wallet_of(request, person))
    return render(request, "portal/now.html", {"now": now})


@require_safe
@customer_page
def identity(request: HttpRequest) -> JsonResponse:
    """Another token for our own widget, for a page that has been open for long (P11)."""
    _key, token = sign_portal_customer(person_of(request).user_id or 0)
    return JsonResponse({"token": token})


@require_safe
@customer_page
def help_us(request: HttpRequest) -> HttpResponse:
    """`/help/`: whom to call and when, how the meter works, the forum where there is one (K4)."""
    return render(
        request, "portal/help.html", help_page.read_page(person_of(request), wallet_of(request, person_of(request)))
    )


@require_safe
def forum_sign_in(request: HttpRequest) -> HttpResponse:
    """`/forum/sign-in/`: the forum asks who this is; whoever is not signed in does that first (K4)."""
    if not forum.is_set_up():
        raise Http404
    question = forum.read_question(request.GET.get("sso", ""), request.GET.get("sig", ""))
    if question is None:
        return render(request, "accounts/forum.html", {"state": "unknown", "forum_url": forum.way_in()}, status=403)
    return _to_the_forum(request, question)


@signed_in_page
def _to_the_forum(request: HttpRequest, question: forum.Question) -> HttpResponse:
    """A page that leads on by itself: after a form, our policy lets browsers follow no redirect to another site."""
    url = forum.answer(person_of(request), question)
    if url is None:
        return render(request, "accounts/forum.html", {"state": "no_address"}, status=409)
    if forum.is_answered(question):
        return render(request, "accounts/forum.html", {"state": "used", "forum_url": forum.way_in()}, status=409)
    return render(request, "accounts/forum.html", {"state": "go", "url": url})


@require_safe
@customer_page
def news_page(request: HttpRequest) -> HttpResponse:
    """`/news/`: what is announced to this customer now (D4)."""
    return render(request, "portal/news.html", {"news": news.all_of(person_of(request))})


@require_safe
@customer_page
def news_item(request: HttpRequest, announcement_id: int) -> HttpResponse:
    """`/news/<id>/`: one announcement; that it was seen is counted."""
    return render(request, "portal/news_item.html", {"item": news.open_one(person_of(request), announcement_id)})
