"""The refusals of tickets that need a sentence of their own."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from hub.base.errors import BadFrame, Conflict, Ended, Forbidden, NoCredits, NotFound

__all__ = [
    "BadField",
    "BadRule",
    "BoundToOther",
    "EmptyText",
    "FollowUpNeeded",
    "Forbidden",
    "HandOverWaits",
    "ManagerAssigns",
    "MergedAway",
    "NoCredits",
    "NoStopwatch",
    "NotAnAgent",
    "NotFound",
    "NotTheManager",
    "NothingSaid",
    "OwnerOnly",
    "PriceChanged",
    "SameKeyOtherContent",
    "SignInFirst",
    "SomebodyElseWrote",
    "TooManyViews",
    "WrongMove",
    "WrongTicket",
]


class PriceChanged(Conflict):
    """`price_m`: what it costs now (T2). Nobody pays a price that was not shown."""

    message = gettext_noop("The price has changed. Please look at it again.")

    def __init__(self, price_m: int) -> None:
        super().__init__(price_m=price_m)


class SignInFirst(Forbidden):
    """A guest, where the department takes none or the ticket has a price (T1)."""

    message = gettext_noop("Please sign in or register first; what you typed is kept.")

    def __init__(self) -> None:
        super().__init__(reason="sign_in")


class EmptyText(BadFrame):
    message = gettext_noop("Please write something first.")


class NothingSaid(EmptyText):
    """Neither words nor a file, where either would do."""

    message = gettext_noop("Please write something or add a file first.")


class BadField(BadFrame):
    """A question of the department is not answered as it asks (T10). `field` is its key."""

    message = gettext_noop("Please look at “%(label)s” again.")

    def __init__(self, field: str, label: str) -> None:
        super().__init__(field=field, label=label)


class WrongMove(Conflict):
    """From this status nothing leads to the one that was asked for."""

    message = gettext_noop("That cannot follow the status this ticket has now.")


class FollowUpNeeded(Ended):
    """Closed for good, or too long ago: what is written becomes a new ticket that is linked to it (T4)."""

    message = gettext_noop("This ticket is closed. Please make a new one; it will be linked to this one.")


class MergedAway(Conflict):
    """`into`: the ticket that it became part of."""

    message = gettext_noop("This ticket became part of ticket %(into)s.")

    def __init__(self, into: str) -> None:
        super().__init__(into=into)


class SomebodyElseWrote(Conflict):
    """T7: a public reply came in between. `last_seq` is the newest entry."""

    message = gettext_noop("Somebody else has replied in the meantime. Please read it before you send yours.")

    def __init__(self, last_seq: int) -> None:
        super().__init__(last_seq=last_seq)


class SameKeyOtherContent(Conflict):
    message = gettext_noop("This request was sent before with other contents.")


class ManagerAssigns(Forbidden):
    """Tickets go from one agent to another by the department's manager (T8)."""

    message = gettext_noop("Only the department's manager can give this ticket to somebody else.")


class NotTheManager(Forbidden):
    """A request to another department is answered by that department's manager (T8)."""

    message = gettext_noop("Only the manager of the receiving department can answer this.")


class OwnerOnly(Forbidden):
    """Deleting tickets (P5) and setting up rules (T13)."""

    message = gettext_noop("Only the hub owner can do this.")


class BadRule(BadFrame):
    """T13: a condition or deed that makes no sense. `field` says where."""

    message = gettext_noop("This rule makes no sense.")


class NotAnAgent(BadFrame):
    """Whom a ticket is given to has a seat in its department."""

    message = gettext_noop("This person does not work in that department.")


class BoundToOther(Forbidden):
    """An exclusive binding: nobody else gets this work (P6)."""

    message = gettext_noop("This customer is bound to a colleague.")


class HandOverWaits(Conflict):
    """One request at a time (T8)."""

    message = gettext_noop("This ticket already waits for an answer of another department.")


class NoStopwatch(Conflict):
    """There is none of yours that runs here (T9)."""

    message = gettext_noop("No stopwatch of yours is running on this ticket.")


class WrongTicket(Conflict):
    """Merging or linking what cannot belong together: with itself, in a circle, or of another customer."""

    message = gettext_noop("These tickets cannot be put together.")


class TooManyViews(Conflict):
    """T6: `most` of one person, of one department, or of everybody."""

    message = gettext_noop("There are %(most)s saved views already. Please delete one first.")
