"""Registering (P1): a customer by their own doing. The login number goes by e-mail, with a link to set a password.

The answer is the same whether or not the address has an account; its owner gets another message (docs/how/sign-in.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hub.accounts import details, phones
from hub.accounts.actions import letters, one_time_links, profiles
from hub.accounts.actions.invitations import find_open, remind
from hub.accounts.actions.people import create_user
from hub.accounts.actions.sign_in import may_sign_in
from hub.accounts.errors import Invalid
from hub.accounts.models import CustomerProfile, OneTimeLink, User
from hub.base import clock, limits
from hub.base.addresses import address_mark
from hub.base.limits import Limit

# Of one address: whoever doubles a submit, or sits on the button, sends one message; from many addresses, a few.
ONCE_IN = Limit("registration.email", 1, 60)
IN_A_DAY = Limit("registration.email_day", 5, 86_400)


@dataclass(frozen=True, slots=True)
class Registration:
    """Everything as it is kept."""

    first_name: str
    last_name: str
    email: str
    phone: str
    birth_date: date | None
    address: str
    postcode: str
    city: str
    computer_brand: str
    computer_model: str
    operating_system: str
    language: str = ""


def parse(typed: dict[str, str], *, language: str = "") -> Registration:
    """What was typed, by the names in CLEANERS. Raises Invalid with a sentence for each field that is wrong."""
    kept, wrong = details.clean_all(typed, CLEANERS)
    for name, missing in _required().items():
        if not kept.get(name) and name not in wrong:
            wrong[name] = missing
    if wrong:
        raise Invalid(fields=wrong)
    kept["birth_date"] = kept["birth_date"] or None
    return Registration(**kept, language=details.clean_language(language))  # type: ignore[arg-type]  # by CLEANERS


CLEANERS: details.Cleaners = {  # of each field
    "first_name": details.clean_name,
    "last_name": details.clean_name,
    "email": details.clean_email,
    **{name: cleaner for name, cleaner in profiles.OF_CUSTOMER.items() if name != "layout"},
}


def _required() -> dict[str, str]:
    return {
        "first_name": _("Please fill in your first name."),
        "last_name": _("Please fill in your last name."),
        "email": _("Please fill in your e-mail address: your login number is sent there."),
    }


def count_registration(address: str) -> None:
    """To be called before `register`, outside a transaction. Raises TooFast."""
    limits.use(Limit("registration.address", settings.REGISTRATIONS_OF_ADDRESS_PER_HOUR_MAX, 3600), address)


def register(new: Registration) -> None:
    """Make the account and send the login number; whose address has one already is told so. Never says which."""
    mark = address_mark(new.email)
    if limits.find_exceeded(ONCE_IN, mark) is not None or limits.find_exceeded(IN_A_DAY, mark) is not None:
        return
    if not _made(new):
        owner = User.objects.filter(email__iexact=new.email).first()
        # Without an owner of the address it was the number that somebody took in this moment; now that can be seen.
        _answer_known(owner) if owner is not None else _made(new)


def _made(new: Registration) -> bool:
    try:
        with transaction.atomic():
            send_first_link(_create(new))
    except IntegrityError:
        return False
    return True


def _create(new: Registration) -> User:
    """The mobile number becomes a name to sign in by, unless it is one already; then it is a number to call."""
    mobile = phones.find_mobile(new.phone) if new.phone else None
    free = mobile is not None and not User.objects.filter(mobile=mobile).exists()
    user = create_user(
        kind=User.Kind.CUSTOMER,
        first_name=new.first_name,
        last_name=new.last_name,
        email=new.email,
        mobile=mobile if free else None,
        mobile_confirmed=not free,
        language=new.language,
    )
    CustomerProfile.objects.create(
        user=user,
        phone="" if free else new.phone,
        address=new.address,
        postcode=new.postcode,
        city=new.city,
        birth_date=new.birth_date,
        computer_brand=new.computer_brand,
        computer_model=new.computer_model,
        operating_system=new.operating_system,
    )
    return user


def send_first_link(user: User) -> None:
    lifetime = timedelta(hours=settings.LINK_HOURS)
    path = one_time_links.issue(user, OneTimeLink.Purpose.PASSWORD, lifetime, target=user.email or "")
    letters.send_welcome(user, path, clock.now() + lifetime)


@transaction.atomic
def _answer_known(owner: User) -> None:
    """Who never got in gets the first message again; who was invited, the invitation; everybody else hears of it."""
    if not may_sign_in(owner):
        return
    invitation = find_open(owner)
    if invitation is not None:
        remind(invitation)
    elif owner.has_usable_password() or owner.is_staff:
        letters.send_already_registered(owner)
    else:
        send_first_link(owner)
