"""P10: who is erased leaves no open ticket behind, and no words about them in the mails that others got."""

from __future__ import annotations

import pytest

from hub.accounts.actions import erasure
from hub.base.clock import Travel
from hub.base.models import OutboxMessage
from tests import people
from tests.tickets.desk import Desk, letters, now_of
from tickets import mails
from tickets.actions import settling, working
from tickets.files import claims
from tickets.files.uploads import take_whole
from tickets.models import FilePlace, StoredFile, TicketEntry, WorkLog

pytestmark = pytest.mark.django_db


def test_p10_the_tickets_of_who_is_erased_close(desk: Desk, time: Travel) -> None:
    """Also what waited for the customer or was solved; nobody is written to, nothing is asked for afterwards."""
    desk.costs("ticket_work", 4000)
    open_one, pending, solved, closed = (desk.files(cc=("ana@example.com",)) for _ in range(4))
    desk.sets(desk.agent, pending, status="pending")
    desk.sets(desk.agent, solved, status="solved")
    desk.sets(desk.agent, closed, status="closed")
    closed_at = now_of(closed).closed_at
    working.start(desk.as_(desk.agent), open_one.pk)
    time.advance(minutes=16)
    before = len(letters())
    erasure.erase_now(desk.as_(desk.owner), desk.customer)
    assert {now_of(one).status for one in (open_one, pending, solved, closed)} == {"closed"}
    assert now_of(closed).closed_at == closed_at
    assert now_of(open_one).reopen_until is None
    assert not WorkLog.objects.filter(ended_at=None).exists()
    settling.charge_what_is_owed()
    assert not WorkLog.objects.filter(owed_since__isnull=False).exists()
    assert len(letters()) <= before


def test_p10_a_ticket_of_the_last_moment_closes_later(desk: Desk) -> None:
    """What a request under way wrote while its author was erased."""
    ticket = desk.files()
    erasure.erase_now(desk.as_(desk.owner), desk.customer)
    type(ticket).objects.filter(pk=ticket.pk).update(status="open", closed_at=None, closed_by="")
    erasure.erase_again()
    assert now_of(ticket).status == "closed"


def test_p10_files_on_the_tickets_of_who_is_erased_go_whoever_sent_them(desk: Desk) -> None:
    """Staff's, too: an invoice, a screenshot. One that belongs to another customer's ticket as well stays there."""
    theirs, of_another = desk.files(), desk.files(people.make_customer("Somebody Else"))
    files = [take_whole(desk.as_(desk.agent), f"{n}.txt", b"About Sanne.\n") for n in range(2)]
    desk.says(desk.agent, theirs, files=[one.pk for one in files])
    entry = TicketEntry.objects.filter(ticket=of_another).earliest("seq")
    said = list(theirs.entries.values_list("pk", flat=True))
    claims.place_also("ticket_entry", said, kind="ticket_entry", object_id=entry.pk)
    FilePlace.objects.filter(number=entry.pk, file=files[0].pk).delete()
    erasure.erase_now(desk.as_(desk.owner), desk.customer)
    assert set(StoredFile.objects.values_list("pk", flat=True)) == {files[1].pk}
    assert set(FilePlace.objects.values_list("number", flat=True)) == {entry.pk}


def test_p10_mails_to_others_that_tell_of_who_is_erased_are_emptied(desk: Desk) -> None:
    """That the agent was written to stays; what was said goes. Mails about other people stay as they are."""
    ticket = desk.files(html="<p>My name is Sanne.</p>")
    desk.sets(desk.manager, ticket, agent_id=desk.agent.pk)
    entry = TicketEntry.objects.filter(ticket=ticket).earliest("seq")
    mails.tell_staff(ticket, entry, "replied", [desk.agent.pk, desk.manager.pk])
    told = OutboxMessage.objects.filter(to__in=["marko@example.com", "giulia@example.com"], purpose="ticket_staff")
    told.update(state=OutboxMessage.State.SENT)
    assert any("Sanne" in one.text for one in told)
    count = told.count()
    other = OutboxMessage.objects.create(
        **{name: getattr(told[0], name) for name in ("channel", "purpose", "language", "to", "sender", "urgency")},
        text="Of somebody else", created_at=told[0].created_at, next_try_at=told[0].next_try_at, state="sent",
    )  # fmt: skip
    erasure.erase_now(desk.as_(desk.owner), desk.customer)
    emptied = list(told.exclude(pk=other.pk).values_list("subject", "text", "html"))
    assert emptied == [("", "", "")] * count
    other.refresh_from_db()
    assert other.text == "Of somebody else"
