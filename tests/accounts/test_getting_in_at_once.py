"""Two at the same moment: links, codes, registrations and invitations, each done once (P1, P2, P3)."""

from __future__ import annotations

import pytest
from django.test import Client

from hub.accounts.actions import codes, contacts, invitations, one_time_links, registration
from hub.accounts.actions.sign_in import Origin
from hub.accounts.errors import LinkUsed, WrongCode
from hub.accounts.models import Invitation, Membership, OneTimeCode, OneTimeLink, User
from hub.base.errors import DomainError
from tests import people
from tests.accounts.letters import code_in, last_to, path_in, purposes
from tests.chat.test_accept_race import at_once

pytestmark = pytest.mark.django_db(transaction=True)
EMAIL, HERE = "sanne@example.com", Origin(address="10.0.0.1")
TIMES = 6


def registration_of(email: str = EMAIL) -> registration.Registration:
    return registration.parse({"first_name": "Sanne", "last_name": "de Vries", "email": email, "phone": "0612345678"})


def test_p1_the_same_address_registered_at_once_is_one_account_and_one_mail() -> None:
    new = registration_of()
    answers = at_once([lambda: registration.register(new)] * TIMES)
    assert answers == [None] * TIMES
    assert User.objects.filter(email=EMAIL).count() == 1
    assert purposes(EMAIL) == ["welcome"]


def test_p1_the_same_number_registered_at_once_by_several_is_one_accounts() -> None:
    """All get their account; the number signs one of them in and is for calling with the others."""
    everybody = [registration_of(f"new{number}@example.com") for number in range(TIMES)]
    at_once([lambda new=new: registration.register(new) for new in everybody])  # type: ignore[misc]
    assert User.objects.filter(email__startswith="new").count() == TIMES
    assert User.objects.filter(mobile="+31612345678").count() == 1


def test_p2_the_same_code_at_once_signs_in_once() -> None:
    people.make_customer(email=EMAIL)
    asked = codes.ask_sign_in_code(EMAIL, origin=HERE)
    code = code_in(last_to(EMAIL))
    answers = at_once([lambda: codes.sign_in_by_code(asked.challenge, code, origin=HERE)] * TIMES)
    assert [type(answer) for answer in answers].count(User) == 1
    assert [type(answer) for answer in answers].count(WrongCode) == TIMES - 1


def test_p2_guesses_at_once_are_five_and_no_more() -> None:
    """The count is kept under the row's lock: parallel guesses find the code shut after the fifth."""
    people.make_customer(email=EMAIL)
    asked = codes.ask_sign_in_code(EMAIL, origin=HERE)
    code = code_in(last_to(EMAIL))
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    at_once([lambda: codes.sign_in_by_code(asked.challenge, wrong, origin=HERE)] * 8)
    assert OneTimeCode.objects.get(challenge=asked.challenge).tries == 8
    with pytest.raises(WrongCode):
        codes.sign_in_by_code(asked.challenge, code, origin=HERE)


def test_p1_the_same_link_at_once_is_redeemed_once() -> None:
    registration.register(registration_of())
    token = path_in(last_to(EMAIL)).split("/")[2]

    def redeem() -> OneTimeLink:
        from django.db import transaction

        with transaction.atomic():
            return one_time_links.redeem(token, OneTimeLink.Purpose.PASSWORD)

    answers = at_once([redeem] * TIMES)
    assert [type(answer) for answer in answers].count(OneTimeLink) == 1
    assert [type(answer) for answer in answers].count(LinkUsed) == TIMES - 1


def test_p1_two_people_with_the_same_link_at_once_get_one_password() -> None:
    """Of two different passwords one holds; the same password twice is the same deed."""
    registration.register(registration_of())
    path = path_in(last_to(EMAIL))

    def post(password: str) -> int:
        return Client().post(path, {"password": password, "again": password}).status_code

    first, second = "a quiet harbour town", "another quiet harbour"
    answers = at_once([lambda: post(first), lambda: post(second)])
    assert sorted(answers) == [302, 410]
    user = User.objects.get(email=EMAIL)
    assert user.check_password(first if answers[0] == 302 else second)


def test_p1_a_double_click_on_the_form_of_a_link_is_one_deed() -> None:
    registration.register(registration_of())
    path = path_in(last_to(EMAIL))
    password = "a quiet harbour town"
    form = {"password": password, "again": password}
    assert at_once([lambda: Client().post(path, form).status_code] * 3) == [302] * 3


def test_p2_two_accounts_confirm_the_same_address_at_once() -> None:
    one, other = (people.make_customer(email=f"old{number}@example.com") for number in range(2))
    paths = []
    for user in (one, other):
        contacts.ask_email_change(people.person_of(user), EMAIL, password="", origin=HERE)
        paths.append(path_in(last_to(EMAIL)).split("/")[2])
    answers = at_once([lambda token=token: contacts.confirm_email(token) for token in paths])  # type: ignore[misc]
    assert sum(isinstance(answer, User) for answer in answers) == 1
    assert sum(isinstance(answer, DomainError) for answer in answers) == 1
    assert User.objects.filter(email=EMAIL).count() == 1


def test_p3_one_invitation_accepted_and_withdrawn_at_once_is_one_of_both() -> None:
    company = people.make_organisation()
    new = invitations.Invited(
        last_name="Post", email=EMAIL, organisation_id=company.organisation.pk, unit_id=company.unit.pk, role="employee"
    )
    owner = people.person_of(company.owner)
    invitation = invitations.invite(owner, new)
    user = invitation.user
    answers = at_once(
        [lambda: invitations.accept(user, invitation)] * 3 + [lambda: invitations.withdraw(owner, invitation)] * 3
    )
    assert sum(not isinstance(answer, DomainError) for answer in answers) == 1
    invitation = Invitation.objects.get(pk=invitation.pk)
    assert (invitation.accepted_at is None) != (invitation.withdrawn_at is None)
    assert Membership.objects.filter(user=user).exists() == (invitation.accepted_at is not None)
