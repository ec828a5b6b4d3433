"""Whether a mailbox is the account's: what was mailed there came back. Who matches people by address asks it (K4)."""

from __future__ import annotations

from hub.accounts.models import User


def note_answer(user: User, address: str) -> None:
    """A link or code that went to this address was used; whether it still is the account's is looked at here."""
    if address and not user.email_confirmed:
        User.objects.filter(pk=user.pk, email__iexact=address).update(email_confirmed=True)


def forget_answer(user: User) -> None:
    """Somebody else typed another address."""
    User.objects.filter(pk=user.pk).update(email_confirmed=False)
