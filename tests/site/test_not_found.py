"""What is not there looks the same in the demo as in production."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as django_settings
from django.http import HttpResponse
from django.test import Client

from hub.site.not_found import OwnPage

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/nowhere/", "/help/articles/999999/"])
def test_u4_the_demo_says_it_on_a_page_of_the_product(settings: Any, path: str) -> None:
    """An address that leads nowhere, and a view that finds nothing: neither lists the addresses there are."""
    settings.DEBUG = True
    settings.MIDDLEWARE = [*django_settings.MIDDLEWARE, f"{OwnPage.__module__}.{OwnPage.__qualname__}"]
    answer: HttpResponse = Client().get(path)  # type: ignore[assignment]  # the test client's own class
    assert answer.status_code == 404
    assert b"This page does not exist" in answer.content
    assert b"urlconf" not in answer.content.lower()


def test_u4_an_address_without_its_last_slash_still_finds_its_page(settings: Any) -> None:
    settings.DEBUG = True
    settings.MIDDLEWARE = [*django_settings.MIDDLEWARE, f"{OwnPage.__module__}.{OwnPage.__qualname__}"]
    assert Client().get("/help/articles").headers["Location"] == "/help/articles/"
