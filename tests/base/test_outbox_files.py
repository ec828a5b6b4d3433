"""Files that go with a mail: written, sent, sent again and removed together with it; for whom they are to be seen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as django_mail
from django.core.mail import EmailMessage
from django.db import transaction
from django.test import Client

from hub.accounts.models import AuditEntry
from hub.accounts.privacy import subject_of
from hub.base import clock, erasing, privacy
from hub.base.errors import TooLarge
from hub.base.models import OutboxFile, OutboxMessage
from hub.base.outbox import Attachment, draining, repeating
from hub.base.outbox.writing import FILES_BYTES_MAX
from tests import people
from tests.base.outbox import mail, nobodys_templates
from tests.browsers import browser_of

__all__ = ["nobodys_templates"]
pytestmark = [pytest.mark.usefixtures("nobodys_templates"), pytest.mark.django_db]

PDF = Attachment("receipt-2026-000001.pdf", "application/pdf", b"%PDF-1.7\n\x00\xff")
SECOND = Attachment("terms.txt", "text/plain", b"Terms")


def kept(row: OutboxMessage) -> list[tuple[str, str, bytes]]:
    return [(one.name, one.content_type, bytes(one.content)) for one in row.files.order_by("pk")]


def files_of(sent: EmailMessage) -> list[tuple[object, ...]]:
    """As the reader's program finds them in what went over the line."""
    parts = [part for part in sent.message().walk() if part.get_filename()]
    return [(part.get_filename(), part.get_content_type(), part.get_payload(decode=True)) for part in parts]


def test_s4_a_mail_leaves_with_its_files_the_same_each_time() -> None:
    row = mail(files=[PDF, SECOND])
    draining.drain()
    OutboxMessage.objects.filter(pk=row.pk).update(state="waiting", next_try_at=clock.now())
    draining.drain()
    first, second = django_mail.outbox
    assert (
        files_of(first)
        == files_of(second)
        == [
            ("receipt-2026-000001.pdf", "application/pdf", PDF.content),
            ("terms.txt", "text/plain", SECOND.content),
        ]
    )


def test_s4_files_are_written_in_the_transaction_of_the_mail_or_not_at_all() -> None:
    with transaction.atomic():
        mail(files=[PDF])
        transaction.set_rollback(True)
    assert not OutboxFile.objects.exists()
    with pytest.raises(TooLarge):
        mail(files=[Attachment("x", "text/plain", bytes(FILES_BYTES_MAX)), SECOND])
    assert not OutboxMessage.objects.exists()


def test_the_same_key_again_adds_no_files() -> None:
    row = mail(key="receipt:1", files=[PDF])
    assert mail(key="receipt:1", files=[PDF, SECOND]) == row
    assert kept(row) == [(PDF.name, PDF.content_type, PDF.content)]


def test_a_secret_mail_takes_no_files() -> None:
    with pytest.raises(ValueError, match="stay"):
        mail(secret=True, files=[PDF])


def test_what_is_sent_once_more_has_the_files_of_the_first() -> None:
    row = mail(files=[PDF, SECOND])
    draining.drain()
    assert kept(repeating.resend(row.pk, "k")) == kept(row)


def test_p10_files_go_with_what_the_mail_said() -> None:
    """By its retention, and when the person is erased whom the mail is about."""
    user = people.make_customer(email="sanne@example.com")
    old, about = mail(files=[PDF]), mail(to="x@example.com", about=f"user:{user.pk}", files=[PDF])
    draining.drain()
    OutboxMessage.objects.filter(pk=old.pk).update(created_at=clock.now() - timedelta(days=100))
    privacy._empty_messages(clock.now() - timedelta(days=90), 500)
    assert (kept(old), len(kept(about))) == ([], 1)
    erasing.erase(subject_of(user))
    assert not OutboxFile.objects.exists()


def test_a_demo_shows_files_to_keep_and_nothing_else_does(settings: Any) -> None:
    row, other = mail(files=[PDF]), mail()
    file = row.files.get()
    path = f"/demo/outbox/{row.pk}/files/{file.pk}/"
    for page in ("/demo/outbox/", f"/demo/outbox/{row.pk}/"):
        assert path in Client().get(page).content.decode()
    answer = Client().get(path)
    assert answer.content == PDF.content
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="receipt-2026-000001.pdf"'
    assert Client().get(f"/demo/outbox/{other.pk}/files/{file.pk}/").status_code == 404
    settings.DEMO = False
    assert Client().get(path).status_code == 404


def test_the_owner_finds_a_file_in_the_outbox_and_that_is_written_down() -> None:
    row = mail(files=[PDF])
    path = f"/admin/outbox/{row.pk}/files/{row.files.get().pk}/"
    owner = browser_of(people.make_owner())
    assert path in owner.get("/admin/outbox/").content.decode()
    assert owner.get(path).content == PDF.content
    assert AuditEntry.objects.filter(fact="outbox.file.opened", target_id=str(row.pk)).count() == 1
    assert browser_of(people.make_manager()).get(path).status_code == 403
