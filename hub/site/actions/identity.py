"""From a website's signed user token to the customer they are here (P11)."""

from __future__ import annotations

from django.conf import settings
from django.db import IntegrityError, transaction

from hub.accounts.public import SYSTEM, User, audit, create_customer, details
from hub.base import clock
from hub.site.errors import BadIdentity
from hub.site.identity import SiteUser, read_identity
from hub.site.models import ExternalIdentity, UsedIdentityToken, Website
from hub.site.portal_site import is_portal

NAME_CHARACTERS_MAX = 120


@transaction.atomic
def sign_in_site_user(website: Website, token: str) -> User:
    """The customer behind (website, sub), made at first sight. Raises BadIdentity; a token works once."""
    said = read_identity(website, token)
    _use_up(website, said)
    if is_portal(website):
        return _own_customer(said)
    known = ExternalIdentity.objects.select_related("user").filter(website=website, sub=said.sub).first()
    identity = known or _first_sight(website, said)
    if not identity.user.is_active or identity.user.kind != User.Kind.CUSTOMER:
        raise BadIdentity
    if identity.claimed_email != said.email and said.email:
        identity.claimed_email = said.email
        identity.save(update_fields=["claimed_email"])
    return identity.user


def _own_customer(said: SiteUser) -> User:
    """Who is signed in on the hub's own pages."""
    user: User | None = User.objects.filter(pk=int(said.sub), is_active=True, kind=User.Kind.CUSTOMER).first()
    if user is None:
        raise BadIdentity
    return user


def bind_site_user(website: Website, sub: str, user: User) -> ExternalIdentity:
    """Say beforehand which customer a site's user is (an import, the demo data)."""
    identity, _ = ExternalIdentity.objects.update_or_create(
        website=website, sub=sub, defaults={"user": user}, create_defaults={"user": user, "created_at": clock.now()}
    )
    return identity


def _use_up(website: Website, said: SiteUser) -> None:
    """The unique row is the lock: of two that show the same token at once, one is refused."""
    try:
        with transaction.atomic():
            UsedIdentityToken.objects.create(website=website, jti=said.jti, expires_at=said.expires_at)
    except IntegrityError as error:
        raise BadIdentity from error


def _first_sight(website: Website, said: SiteUser) -> ExternalIdentity:
    """A new customer. The e-mail stays a claim: it neither finds an account nor becomes this one's address."""
    try:
        with transaction.atomic():
            return _make_identity(website, said)
    except IntegrityError:  # two first sights at once
        return ExternalIdentity.objects.select_related("user").get(website=website, sub=said.sub)


def _make_identity(website: Website, said: SiteUser) -> ExternalIdentity:
    user = create_customer(display_name=_name(said.name), language=_language(said.language))
    audit.record(
        SYSTEM, "people.customer.created", target_kind="user", target_id=user.pk, detail={"website": website.pk}
    )
    return ExternalIdentity.objects.create(
        website=website, sub=said.sub, user=user, claimed_email=said.email, created_at=clock.now()
    )


def _name(said: str) -> str:
    """As people may call themselves here; what could not be typed is not believed either."""
    try:
        return details.clean_title(said, NAME_CHARACTERS_MAX)
    except details.Unclear:
        return ""


def _language(wanted: str) -> str:
    return wanted if wanted in dict(settings.LANGUAGES) else ""


def remove_used_tokens() -> None:
    """A job: tokens that have expired need not be remembered."""
    UsedIdentityToken.objects.filter(expires_at__lt=clock.now()).delete()
