"""U1: which language a page speaks, and by whose clock."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory

from hub.accounts.models import User
from hub.base.brand import Brand
from hub.site.languages import language_of, shown_languages
from tests import people
from tests.browsers import browser_of

HUB = Brand()
PERSIAN_SHOP = Brand(languages=("fa", "hr"), default_language="hr")


@pytest.mark.parametrize(
    ("brand", "chosen", "accepts", "spoken"),
    [
        (HUB, "", "", "en"),
        (HUB, "", "nl-BE,nl;q=0.9,en;q=0.8", "nl"),
        (HUB, "", "de-DE,fa-IR;q=0.5,en;q=0.1", "fa"),
        (HUB, "it", "nl", "it"),
        (HUB, "xx", "nl", "nl"),
        (HUB, "../../etc/passwd", ";;;q=", "en"),
        (PERSIAN_SHOP, "", "", "hr"),
        (PERSIAN_SHOP, "", "nl,fa;q=0.2", "fa"),
        (PERSIAN_SHOP, "nl", "de", "hr"),
    ],
)
def test_u1_chosen_here_then_the_browsers_then_the_brands(brand: Brand, chosen: str, accepts: str, spoken: str) -> None:
    request = RequestFactory().get("/", headers={"accept-language": accepts})
    request.COOKIES["balie_language"] = chosen
    assert language_of(request, brand) == spoken
    assert spoken in shown_languages(brand)


@pytest.mark.django_db
def test_u1_the_account_goes_before_the_browser_and_follows_the_switch() -> None:
    agent = people.make_agent()
    User.objects.filter(pk=agent.pk).update(language="fa")
    client = browser_of(agent)
    client.cookies["balie_language"] = "it"
    page = client.get("/console/", headers={"accept-language": "nl"})
    assert '<html lang="fa" dir="rtl"' in page.content.decode()
    assert page["Content-Language"] == "fa"
    client.post("/language/", {"language": "hr"})
    assert '<html lang="hr" dir="ltr"' in client.get("/console/").content.decode()
    assert User.objects.get(pk=agent.pk).language == "hr"


@pytest.mark.django_db
def test_u1_a_language_that_we_do_not_speak_changes_nothing() -> None:
    agent = people.make_agent()
    client = browser_of(agent)
    client.post("/language/", {"language": "tlh"})
    assert User.objects.get(pk=agent.pk).language == agent.language
    assert "balie_language" not in client.cookies


@pytest.mark.django_db
def test_u1_what_everybody_may_cache_does_not_depend_on_a_session() -> None:
    answer = Client().get("/widget.js")
    assert "Cookie" not in answer.get("Vary", "")
