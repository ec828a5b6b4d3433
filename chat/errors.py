"""The refusals of live chat that need a sentence of their own; their codes are the protocol's."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from hub.base.errors import Conflict, Ended, Forbidden


class PriceChanged(Conflict):
    """The price of now and its terms (C1). Nobody starts at what was not shown."""

    message = gettext_noop("The price has changed. Please look at it again before you start.")

    def __init__(self, price_m: int, block_s: int, free_s: int, minimum_blocks: int) -> None:
        super().__init__(price_m=price_m, block_s=block_s, free_s=free_s, minimum_blocks=minimum_blocks)


class LiveAlready(Conflict):
    """`session`: one that is live, to go on with. Nobody has more at once than LIVE_AT_ONCE_MAX (X6)."""

    message = gettext_noop("You have too many conversations open. Please end one first.")

    def __init__(self, session: str) -> None:
        super().__init__(session=session)


class SameIdOtherContent(Conflict):
    """The same request id with other content (docs/how/live-core.md)."""

    message = gettext_noop("This request was sent before with other contents.")


class SignInFirst(Forbidden):
    """An unsigned visitor may chat only where it is free."""

    message = gettext_noop("Please sign in or register first; what you typed is kept.")

    def __init__(self) -> None:
        super().__init__(reason="sign_in")


class BoundToOther(Forbidden):
    """An exclusive binding: nobody else takes this work (P6)."""

    message = gettext_noop("This customer is bound to a colleague.")


class NotYours(Forbidden):
    message = gettext_noop("Only the agent of this conversation can do this.")


class NotLive(Ended):
    """What needs an agent in the conversation, asked while there is none."""

    message = gettext_noop("This conversation is not running.")


class TooLateToReopen(Ended):
    message = gettext_noop("This conversation ended too long ago. Please start a new one.")


class NeverBegun(Ended):
    """Nobody had accepted it, so there is nothing to open again."""

    message = gettext_noop("This conversation ended before anybody answered. Please start a new one.")


class PayerChanged(Ended):
    """The customer joined or left an organisation since: what is said now is not the same people's to see."""

    message = gettext_noop("Since then somebody else pays for these conversations. Please start a new one.")


class MostTooLow(Conflict):
    """`most`: the least that the most-to-spend must be (C1, M2: the minimum blocks are charged together)."""

    message = gettext_noop("That is less than the first blocks cost.")

    def __init__(self, most: int) -> None:
        super().__init__(most=most)


class MostSpent(Conflict):
    """The most-to-spend of a conversation is on all its meters, also after it was opened again (C1)."""

    message = gettext_noop("The most that was to be spent on this conversation is used up. Please start a new one.")


class NoMeter(Conflict):
    message = gettext_noop("This conversation is free of charge.")


class TooLateToChange(Forbidden):
    """An own message may be edited or deleted for a while only (C7)."""

    message = gettext_noop("This message can no longer be changed.")


class NoRefund(Conflict):
    """M6: nothing was paid, it has not ended, or that is too long ago."""

    message = gettext_noop("Credits of this chat cannot be asked back.")
