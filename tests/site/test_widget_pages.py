"""The loader, the widget's frame and the demo shop as a browser gets them."""

import gzip
import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from hub.site.models import Website

SHOP = "https://shop.example"


@pytest.fixture
def loader_file(settings: Settings, tmp_path: Path) -> Path:
    settings.FRONTEND_DIST = tmp_path
    path = tmp_path / "widget.js"
    path.write_text("/* the loader */\n" * 50)
    return path


@pytest.fixture
def shop(db: None) -> Website:
    return Website.objects.create(name="Shop & <b>Co</b>", origins=[SHOP])


def test_the_loader_is_packed_kept_a_while_and_asked_for_again(client: Client, loader_file: Path) -> None:
    answer = client.get("/widget.js", headers={"accept-encoding": "gzip"})
    assert answer["Content-Type"].startswith("text/javascript")
    assert gzip.decompress(answer.content) == loader_file.read_bytes()
    assert "max-age=300" in answer["Cache-Control"]
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert not answer.cookies
    again = client.get("/widget.js", headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304


def test_the_loader_comes_plain_to_who_cannot_unpack(client: Client, loader_file: Path) -> None:
    answer = client.get("/widget.js")
    assert answer.content == loader_file.read_bytes()
    assert "Accept-Encoding" in answer["Vary"]


def test_a_new_build_of_the_loader_has_a_new_name_for_caches(client: Client, loader_file: Path) -> None:
    before = client.get("/widget.js")["ETag"]
    loader_file.write_text("// newer")
    answer = client.get("/widget.js", headers={"if-none-match": before})
    assert (answer.status_code, answer.content) == (200, b"// newer")


def test_without_a_built_front_end_there_is_no_loader(client: Client, loader_file: Path) -> None:
    loader_file.unlink()
    assert client.get("/widget.js").status_code == 404


def test_x3_only_the_sites_own_pages_may_frame_the_widget(client: Client, shop: Website) -> None:
    answer = client.get("/widget/frame/", {"site": shop.site_key})
    policy = answer["Content-Security-Policy"]
    assert f"frame-ancestors 'self' {SHOP}" in policy
    assert "unsafe" not in policy
    assert "X-Frame-Options" not in answer
    assert not answer.cookies


def test_the_frame_is_asked_for_again_after_an_update(client: Client, shop: Website) -> None:
    """It names the scripts of one build."""
    assert client.get("/widget/frame/", {"site": shop.site_key})["Cache-Control"] == "no-cache"


def test_the_frame_knows_its_site_and_nothing_of_it_is_markup(client: Client, shop: Website) -> None:
    page = client.get("/widget/frame/", {"site": shop.site_key}).content.decode()
    assert f'data-site="{shop.site_key}"' in page
    assert f'["{SHOP}"]' in page
    assert "<b>Co</b>" not in page
    assert not re.search(r"\sstyle=", page)


@pytest.mark.parametrize("key", ["", "no-such-site", "x" * 500, "\0"])
def test_an_unknown_site_has_no_frame(client: Client, shop: Website, key: str) -> None:
    assert client.get("/widget/frame/", {"site": key}).status_code == 404


def test_a_site_that_was_switched_off_has_no_frame(client: Client, shop: Website) -> None:
    shop.is_active = False
    shop.save()
    assert client.get("/widget/frame/", {"site": shop.site_key}).status_code == 404


@pytest.mark.parametrize(
    ("asked", "accepts", "language", "direction"),
    [
        ("nl", "en", "nl", "ltr"),
        ("fa-IR", "en", "fa", "rtl"),
        ("xx", "nl-NL,nl;q=0.9", "nl", "ltr"),
        ('"><script>', "en", "en", "ltr"),
    ],
)
def test_u1_the_frame_speaks_as_the_page_asks_else_as_the_browser(
    client: Client, shop: Website, asked: str, accepts: str, language: str, direction: str
) -> None:
    page = client.get(
        "/widget/frame/", {"site": shop.site_key, "lang": asked}, headers={"accept-language": accepts}
    ).content.decode()
    assert f'<html lang="{language}" dir="{direction}">' in page


def test_the_frame_takes_a_theme_and_nothing_else_for_it(client: Client, shop: Website) -> None:
    dark = client.get("/widget/frame/", {"site": shop.site_key, "theme": "dark"}).content.decode()
    odd = client.get("/widget/frame/", {"site": shop.site_key, "theme": '"onload="x'}).content.decode()
    assert 'data-theme="dark"' in dark
    assert "onload" not in odd


def test_x7_there_is_no_demo_shop_outside_demo_mode(client: Client, db: None, settings: Settings) -> None:
    settings.DEMO = False
    assert client.get("/demo/").status_code == 404
