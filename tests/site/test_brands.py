"""A3: brands on screen, from a draft to what everybody sees, per host; what is refused."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings

from hub.accounts.models import AuditEntry
from hub.base.brand import Brand, brand_in_use, using
from hub.site.brands import current_brand
from hub.site.models import BrandHost, BrandLogo, BrandRow, BrandVersion
from tests import people
from tests.browsers import browser_of
from tests.site.test_logos import picture

pytestmark = pytest.mark.django_db

FORM: dict[str, Any] = {
    "name": "Hulpbalie", "colour": "#7b1f45", "accent": "#8a3b12", "sender_name": "", "sender_address": "",
    "languages": ["nl", "en"], "default_language": "nl", "layout": "classic", "business_layout": "compact",
    "hosts": "hulp.example.com",
}  # fmt: skip


@pytest.fixture
def owner(settings: Settings) -> Client:
    settings.ALLOWED_HOSTS = ["testserver", "hulp.example.com", "help.example.com"]
    return browser_of(people.make_owner())


def save(owner: Client, address: str = "/admin/brands/new/", **more: Any) -> Any:
    return owner.post(address, FORM | more)


def published(owner: Client, **more: Any) -> BrandRow:
    """The first one is made the default, too."""
    answer = save(owner, **more)
    assert answer.status_code == 302, answer.content.decode()
    owner.post(answer["Location"] + "publish/")
    row = BrandRow.objects.latest("pk")
    if BrandRow.objects.count() == 1:
        owner.post(f"/admin/brands/{row.pk}/default/")
        row.refresh_from_db()
    return row


def test_a3_a_draft_is_seen_by_nobody_until_it_is_published(owner: Client) -> None:
    preview = save(owner)["Location"]
    assert current_brand("hulp.example.com") == Brand()
    page = owner.get(preview).content.decode()
    version = BrandVersion.objects.get()
    assert f"/brand/{version.brand_id}-{version.number}.css" in page
    owner.post(preview + "publish/")
    brand = current_brand("hulp.example.com")
    assert (brand.name, brand.colour, brand.languages) == ("Hulpbalie", "#7b1f45", ("nl", "en"))
    assert brand.sender_name == "Hulpbalie"
    assert AuditEntry.objects.filter(fact="brands.published").exists()


def test_a3_also_a_page_that_is_not_there_wears_the_brand(owner: Client, client: Client) -> None:
    published(owner)
    version = BrandVersion.objects.get()
    page = client.get("/nothing/", headers={"Host": "hulp.example.com"})
    assert page.status_code == 404
    assert f"/brand/{version.brand_id}-{version.number}.css" in page.content.decode()
    assert "Hulpbalie</b>" in page.content.decode()


def test_a3_no_brand_becomes_the_default_unasked(owner: Client) -> None:
    """A brand for one host of a hub that runs must not change all its other pages, mails and widgets."""
    owner.post(save(owner)["Location"] + "publish/")
    row = BrandRow.objects.get()
    assert not row.is_default
    assert current_brand("hulp.example.com").name == "Hulpbalie"
    assert current_brand("elsewhere.example.com") == current_brand() == Brand()
    owner.post(f"/admin/brands/{row.pk}/default/")
    assert current_brand("elsewhere.example.com").name == "Hulpbalie"


def test_a3_each_host_has_its_brand_and_others_the_default(owner: Client, client: Client) -> None:
    published(owner)
    published(owner, name="Second", hosts="help.example.com", colour="#085726")
    assert current_brand("help.example.com").name == "Second"
    assert current_brand("HULP.example.com:8000").name == "Hulpbalie"
    assert current_brand("elsewhere.example.com").name == "Hulpbalie", "the default"
    page = client.get("/login/", headers={"host": "help.example.com"}).content.decode()
    assert "Second" in page


def test_a3_the_bubble_on_our_own_pages_wears_the_brand(owner: Client) -> None:
    customer = browser_of(people.make_customer())
    assert "data-color" not in customer.get("/help/").content.decode()
    published(owner)
    assert 'data-color="#7b1f45"' in customer.get("/help/").content.decode()


def test_a3_mails_of_a_request_are_its_brands(owner: Client) -> None:
    published(owner)
    assert brand_in_use().name == "Hulpbalie"
    other = Brand(name="Other")
    with using(lambda: other):
        assert brand_in_use().name == "Other"


def test_a3_u4_publishing_is_undone_by_publishing_the_one_before(owner: Client) -> None:
    row = published(owner)
    answer = save(owner, f"/admin/brands/{row.pk}/", name="Changed", hosts="help.example.com")
    owner.post(answer["Location"] + "publish/")
    assert current_brand("help.example.com").name == "Changed"
    assert BrandHost.objects.get().host == "help.example.com"
    page = owner.get(f"/admin/brands/{row.pk}/").content.decode()
    assert f"/admin/brands/{row.pk}/1/publish/" in page
    owner.post(f"/admin/brands/{row.pk}/1/publish/")
    assert current_brand("hulp.example.com").name == "Hulpbalie"
    assert BrandHost.objects.get().host == "hulp.example.com"


def test_a3_the_style_sheet_of_a_version_is_kept_for_ever(owner: Client, client: Client) -> None:
    row = published(owner)
    answer = client.get(f"/brand/{row.pk}-1.css")
    assert answer["Content-Type"].startswith("text/css")
    assert "immutable" in answer["Cache-Control"]
    assert "#7b1f45" in answer.content.decode()
    assert client.get(f"/brand/{row.pk}-99.css").status_code == 404
    assert not answer.cookies


def test_a3_a_colour_that_cannot_be_read_is_refused_with_the_figure_and_the_nearest(owner: Client) -> None:
    answer = save(owner, colour="#ffd400")
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "1.3" in page
    assert "4.6" in page
    nearest = answer.context["nearest"]["colour"]
    assert f'value="{nearest}"' in page
    assert 'value="#ffd400"' in page, "what was typed is kept"
    taken = save(owner, colour="#ffd400", take_colour=nearest)
    assert taken.status_code == 302
    assert BrandVersion.objects.get().colour == nearest


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""), ("name", "x" * 61), ("colour", "red"), ("colour", "#12345"), ("accent", "#ffffff"),
        ("accent", "url(evil)"), ("hosts", "https://hulp.example.com"), ("hosts", "*.example.com"), ("hosts", "a b/c"),
        ("hosts", "hulp.example.com:8000"), ("hosts", "-x.example.com"), ("hosts", "x" * 300), ("languages", []),
        ("languages", ["xx"]), ("default_language", "it"), ("sender_address", "nobody"), ("layout", "wild"),
        ("sender_name", 'Evil" <a@b.example>'), ("sender_name", "Two\nlines"),
    ],
)  # fmt: skip
def test_a3_what_makes_no_sense_is_refused_in_place(owner: Client, field: str, typed: object) -> None:
    wrong: dict[str, Any] = {field: typed}
    answer = save(owner, **wrong)
    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert not BrandVersion.objects.exists()


def test_a3_a_host_belongs_to_one_brand(owner: Client) -> None:
    published(owner)
    answer = save(owner, name="Thief")
    assert answer.status_code == 400
    assert "hulp.example.com" in answer.context["form"].errors["hosts"]


def test_a3_two_drafts_for_one_host_and_the_second_is_refused_when_it_is_published(owner: Client) -> None:
    first, second = save(owner)["Location"], save(owner, name="Second")["Location"]
    assert owner.post(first + "publish/").status_code == 302
    assert owner.post(second + "publish/").status_code == 400
    assert current_brand("hulp.example.com").name == "Hulpbalie"


def test_a3_a_host_in_another_script_is_kept_as_browsers_send_it(owner: Client) -> None:
    published(owner, hosts="Hülp.Example.com.")
    assert BrandHost.objects.get().host == "xn--hlp-hoa.example.com"


def test_a3_a_host_outside_the_fence_is_told(owner: Client) -> None:
    preview = save(owner, hosts="far.example.com")["Location"]
    assert "ALLOWED_HOSTS" in owner.get(preview).content.decode()


def test_x5_a_logo_is_served_as_our_own_png_and_kept_for_ever(owner: Client, client: Client) -> None:
    upload = SimpleUploadedFile("logo.svg", picture(form="JPEG"), content_type="image/svg+xml")
    published(owner, logo=upload)
    brand = current_brand("hulp.example.com")
    answer = client.get(brand.logo_url)
    assert answer["Content-Type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")
    assert "immutable" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    for nothing in ("nothing", "%00", "%FF", "..%2F..%2Fsecret"):
        assert client.get(f"/brand/logo/{nothing}.png").status_code == 404


def test_x5_an_svg_is_refused_whatever_it_is_called(owner: Client) -> None:
    drawing = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    answer = save(owner, logo=SimpleUploadedFile("logo.png", drawing, content_type="image/png"))
    assert answer.status_code == 400
    assert not BrandLogo.objects.exists()


def test_a3_saving_without_a_file_keeps_the_logo_and_a_box_takes_it_away(owner: Client) -> None:
    row = published(owner, logo=SimpleUploadedFile("l.png", picture(), content_type="image/png"))
    save(owner, f"/admin/brands/{row.pk}/")
    assert BrandVersion.objects.latest("number").logo is not None
    save(owner, f"/admin/brands/{row.pk}/", no_logo="on")
    assert BrandVersion.objects.latest("number").logo is None


def test_a3_the_default_brand_stays_until_another_is(owner: Client) -> None:
    first = published(owner)
    second = published(owner, name="Second", hosts="help.example.com")
    assert owner.post(f"/admin/brands/{first.pk}/delete/").status_code == 409
    owner.post(f"/admin/brands/{second.pk}/default/")
    assert owner.post(f"/admin/brands/{first.pk}/delete/").status_code == 302
    assert current_brand("hulp.example.com").name == "Second"


def test_a3_only_the_owner_comes_near_it(owner: Client) -> None:
    row = published(owner)
    manager = browser_of(people.make_manager(departments=[people.make_department()]))
    for path in ("", "new/", f"{row.pk}/", f"{row.pk}/1/"):
        assert manager.get(f"/admin/brands/{path}").status_code in (403, 404)
    assert manager.post(f"/admin/brands/{row.pk}/1/publish/").status_code in (403, 404)


def test_a3_the_layout_follows_brand_organisation_and_customer(owner: Client) -> None:
    from hub.site.layouts import layout_of

    world = people.make_organisation()
    home, member = people.make_customer(), people.person_of(world.employee)
    brand = Brand(layout="classic", business_layout="compact")
    assert layout_of(people.person_of(home), brand) == "classic"
    assert layout_of(member, brand) == "compact"
    type(world.organisation).objects.filter(pk=world.organisation.pk).update(layout="classic")
    assert layout_of(member, brand) == "classic"
    profile = world.employee.customer_profile
    profile.layout = "compact"
    profile.save()
    assert layout_of(member, brand) == "compact"


def test_a3_a_customer_chooses_the_other_layout_in_their_profile(db: None) -> None:
    customer = people.make_customer()
    browser = browser_of(customer, factor=False)
    form = {"first_name": "Sanne", "last_name": "de Vries", "time_zone": "Europe/Amsterdam"}
    assert browser.post("/profile/", form | {"layout": "compact"}).status_code == 302
    assert 'data-layout="compact"' in browser.get("/profile/").content.decode()
    assert browser.post("/profile/", form | {"layout": "wild"}).status_code == 302
    assert 'data-layout="classic"' in browser.get("/profile/").content.decode()
