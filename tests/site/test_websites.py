"""A2, P11: websites on screen."""

from typing import Any

import pytest
from django.test import Client

from hub.site.actions.websites import plain_origin
from hub.site.identity import read_identity, sign_identity
from hub.site.models import Website
from hub.site.public import portal_website
from tests import people
from tests.browsers import browser_of

pytestmark = pytest.mark.django_db

FORM: dict[str, Any] = {
    "name": "Shop",
    "origins": "https://Shop.example/\nhttps://www.shop.example:443",
    "brand": "",
    "active": "on",
}


@pytest.fixture
def owner(db: None) -> Client:
    return browser_of(people.make_owner())


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://Shop.Example/", "https://shop.example"), ("https://shop.example:443", "https://shop.example"),
        ("https://shop.example:8443", "https://shop.example:8443"), ("http://localhost:3000", "http://localhost:3000"),
        ("https://shöp.example", "https://xn--shp-tna.example"), ("shop.example", None), ("https://", None),
        ("https://shop.example/page", None), ("https://user@shop.example", None), ("javascript:alert(1)", None),
        ("https://*.shop.example", None), ("https://shop.example:99999", None), ("https://shop.example?x=1", None),
        ("null", None),
    ],
)  # fmt: skip
def test_x2_an_origin_is_kept_as_browsers_send_it_or_refused(typed: str, kept: str | None) -> None:
    assert plain_origin(typed) == kept


def test_a2_a_website_is_made_with_what_to_put_on_its_pages(owner: Client) -> None:
    answer = owner.post("/admin/websites/new/", FORM)
    website = Website.objects.get()
    assert website.origins == ["https://shop.example", "https://www.shop.example"]
    page = owner.get(answer["Location"]).content.decode()
    assert f"data-site=&quot;{website.site_key}" in page or f'data-site="{website.site_key}"' in page
    assert website.secret in page


@pytest.mark.parametrize(
    ("field", "typed"), [("name", ""), ("origins", ""), ("origins", "shop.example"), ("brand", "99999")]
)
def test_a2_what_makes_no_sense_is_refused_in_place(owner: Client, field: str, typed: str) -> None:
    answer = owner.post("/admin/websites/new/", FORM | {field: typed})
    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert not Website.objects.exists()


def test_p11_a_renewed_secret_opens_and_the_old_one_does_not(owner: Client) -> None:
    website = Website.objects.create(name="Shop", origins=["https://shop.example"])
    old = sign_identity(website, sub="7")
    owner.post(f"/admin/websites/{website.pk}/secret/")
    website.refresh_from_db()
    from hub.site.errors import BadIdentity

    with pytest.raises(BadIdentity):
        read_identity(website, old)
    assert read_identity(website, sign_identity(website, sub="7")).sub == "7"


def test_x1_the_hubs_own_site_is_nobodys_to_change(owner: Client) -> None:
    own = portal_website()
    assert str(own.site_key) not in owner.get("/admin/websites/").content.decode().split("</nav>")[-1]
    assert owner.get(f"/admin/websites/{own.pk}/").status_code == 404
    assert owner.post(f"/admin/websites/{own.pk}/secret/").status_code == 404


def test_a2_only_the_owner_comes_near_it(owner: Client) -> None:
    website = Website.objects.create(name="Shop", origins=["https://shop.example"])
    manager = browser_of(people.make_manager(departments=[people.make_department()]))
    for path in ("", "new/", f"{website.pk}/"):
        assert manager.get(f"/admin/websites/{path}").status_code in (403, 404)
    assert manager.post(f"/admin/websites/{website.pk}/secret/").status_code in (403, 404)
