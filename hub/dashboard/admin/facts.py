"""The audit log in sentences (P9): what was done, by whom, to whom. Codes, ids and figures come from the rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from chat.public import customers_of
from credits import public as money
from hub.accounts.public import AuditEntry, Department, Organisation, User
from hub.base.filters import number_of
from hub.dashboard.admin.fact_details import Names, detail_text, names_in
from tickets.public import customers_of as customers_of_tickets

# Each fact that is written anywhere has its sentence; a test reads the source (tests/dashboard/test_admin_audit.py).
SENTENCES: Final[dict[str, str]] = {
    "announcements.deleted": gettext_noop("%(who)s deleted an announcement"),
    "announcements.published": gettext_noop("%(who)s published an announcement"),
    "announcements.saved": gettext_noop("%(who)s saved an announcement"),
    "announcements.withdrawn": gettext_noop("%(who)s withdrew an announcement"),
    "articles.category.removed": gettext_noop("%(who)s removed categories of help articles"),
    "articles.category.saved": gettext_noop("%(who)s saved a category of help articles"),
    "articles.discarded": gettext_noop("%(who)s deleted a help article that was never published"),
    "articles.published": gettext_noop("%(who)s published a help article"),
    "articles.saved": gettext_noop("%(who)s saved a help article"),
    "articles.withdrawn": gettext_noop("%(who)s withdrew a help article"),
    "brands.default_set": gettext_noop("%(who)s made another brand the default one"),
    "brands.deleted": gettext_noop("%(who)s deleted a brand"),
    "brands.draft_saved": gettext_noop("%(who)s saved a draft of a brand"),
    "brands.published": gettext_noop("%(who)s published a brand"),
    "chat.meter.grant": gettext_noop("%(who)s gave free time in a chat"),
    "chat.meter.granted": gettext_noop("%(who)s gave free time in a chat"),
    "chat.meter.waive": gettext_noop("%(who)s made time of a chat free of charge"),
    "chat.meter.waived": gettext_noop("%(who)s made time of a chat free of charge"),
    "chat.session.opened": gettext_noop("%(who)s opened a chat of %(target)s"),
    "chat.session.refund_declined": gettext_noop("%(who)s declined to give back credits of a chat of %(target)s"),
    "chat.session.refunded": gettext_noop("%(who)s gave back credits of a chat of %(target)s"),
    "credits.approval.asked": gettext_noop("%(who)s asked for an approval about the wallet of %(target)s"),
    "credits.approval.approved": gettext_noop("%(who)s approved a request about the wallet of %(target)s"),
    "credits.approval.declined": gettext_noop("%(who)s declined a request about the wallet of %(target)s"),
    "credits.approval.withdrawn": gettext_noop("%(who)s withdrew a request about the wallet of %(target)s"),
    "credits.limit.set": gettext_noop("%(who)s set the monthly limit of %(target)s"),
    "credits.limit_request.declined": gettext_noop("%(who)s declined a higher limit for %(target)s"),
    "credits.limit_request.granted": gettext_noop("%(who)s granted a higher limit to %(target)s"),
    "credits.vip.off": gettext_noop("%(who)s ended that %(target)s is a VIP"),
    "credits.vip.on": gettext_noop("%(who)s made %(target)s a VIP"),
    "credits.wallet.adjusted": gettext_noop("%(who)s changed the balance of %(target)s"),
    "credits.wallet.opened": gettext_noop("%(who)s opened the wallet of %(target)s"),
    "departments.added": gettext_noop("%(who)s added the department %(target)s"),
    "departments.changed": gettext_noop("%(who)s changed the department %(target)s"),
    "departments.deleted": gettext_noop("%(who)s deleted a department"),
    "departments.holiday.removed": gettext_noop("%(who)s removed a holiday"),
    "departments.holiday.set": gettext_noop("%(who)s set a holiday"),
    "departments.hours.set": gettext_noop("%(who)s set the office hours of %(target)s"),
    "departments.moved": gettext_noop("%(who)s moved the department %(target)s in the list"),
    "departments.questions.set": gettext_noop("%(who)s changed the questions of %(target)s"),
    "files.quota.changed": gettext_noop("%(who)s changed the room for files of %(target)s"),
    "outbox.failed.retried": gettext_noop("%(who)s had messages that failed sent again"),
    "outbox.file.opened": gettext_noop("%(who)s opened a file that went with a message"),
    "outbox.message.resent": gettext_noop("%(who)s sent a message again"),
    "outbox.message.retried": gettext_noop("%(who)s had a message that failed sent again"),
    "people.account.opened": gettext_noop("%(who)s opened the account of %(target)s again"),
    "people.account.suspended": gettext_noop("%(who)s shut the account of %(target)s"),
    "people.customer.bound": gettext_noop("%(who)s changed whose customer %(target)s is"),
    "people.customer.changed": gettext_noop("%(who)s changed details of %(target)s"),
    "people.customer.created": gettext_noop("%(who)s made the account of %(target)s"),
    "people.customer.merged": gettext_noop("%(who)s merged another account into that of %(target)s"),
    "people.customer.opened": gettext_noop("%(who)s opened the page of %(target)s"),
    "people.customers.exported": gettext_noop("%(who)s exported a list of customers"),
    "people.customers.imported": gettext_noop("%(who)s imported customers"),
    "people.device.ended": gettext_noop("%(who)s signed a device out"),
    "people.email.changed": gettext_noop("%(who)s changed the e-mail address of %(target)s"),
    "people.invitation.accepted": gettext_noop("%(who)s accepted an invitation"),
    "people.invitation.sent": gettext_noop("%(who)s invited %(target)s"),
    "people.invitation.sent_again": gettext_noop("%(who)s sent the invitation of %(target)s again"),
    "people.invitation.withdrawn": gettext_noop("%(who)s withdrew the invitation of %(target)s"),
    "people.member.joined": gettext_noop("%(who)s made %(target)s a member of an organisation"),
    "people.member.left": gettext_noop("%(target)s left an organisation"),
    "people.member.moved": gettext_noop("%(who)s moved %(target)s to another unit"),
    "people.member.reinstated": gettext_noop("%(who)s let %(target)s use their organisation again"),
    "people.member.removed": gettext_noop("%(who)s removed %(target)s from an organisation"),
    "people.member.role_changed": gettext_noop("%(who)s changed the role of %(target)s in an organisation"),
    "people.member.suspended": gettext_noop("%(who)s suspended %(target)s in an organisation"),
    "people.mobile.changed": gettext_noop("%(who)s changed the mobile number of %(target)s"),
    "people.mobile.removed": gettext_noop("%(who)s removed the mobile number of %(target)s"),
    "people.note.removed": gettext_noop("%(who)s removed a note about %(target)s"),
    "people.organisation.created": gettext_noop("%(who)s made the organisation %(target)s"),
    "people.organisation.handed_over": gettext_noop("%(who)s gave the organisation %(target)s another owner"),
    "people.organisation.layout_set": gettext_noop("%(who)s chose another layout for %(target)s"),
    "people.organisation.opened": gettext_noop("%(who)s opened the page of %(target)s"),
    "people.organisation.renamed": gettext_noop("%(who)s renamed the organisation %(target)s"),
    "people.owner.created": gettext_noop("%(who)s made %(target)s a hub owner"),
    "people.password.set": gettext_noop("%(who)s set the password of %(target)s"),
    "people.profile.changed": gettext_noop("%(who)s changed details of %(target)s"),
    "people.recovery_code.used": gettext_noop("%(who)s used a recovery code"),
    "people.recovery_codes.renewed": gettext_noop("%(who)s made new recovery codes"),
    "people.second_factor.enrolled": gettext_noop("%(who)s set up a second factor"),
    "people.second_factor.removed": gettext_noop("%(who)s removed the second factor of %(target)s"),
    "people.second_factor.replaced": gettext_noop("%(who)s replaced the second factor"),
    "people.sign_in_link.sent": gettext_noop("%(who)s sent %(target)s a sign-in link"),
    "people.signed_out_everywhere": gettext_noop("%(who)s signed %(target)s out everywhere"),
    "people.staff.capacity_set": gettext_noop("%(who)s set how many chats %(target)s takes"),
    "people.staff.created": gettext_noop("%(who)s made %(target)s a colleague"),
    "people.staff.opened": gettext_noop("%(who)s opened the page of %(target)s"),
    "people.staff.seats_set": gettext_noop("%(who)s changed where %(target)s works"),
    "people.token.created": gettext_noop("%(who)s made an API token of %(target)s"),
    "people.token.revoked": gettext_noop("%(who)s revoked an API token of %(target)s"),
    "people.unit.created": gettext_noop("%(who)s made a unit of an organisation"),
    "people.unit.removed": gettext_noop("%(who)s removed a unit of an organisation"),
    "people.unit.renamed": gettext_noop("%(who)s renamed a unit of an organisation"),
    "prices.changed": gettext_noop("%(who)s changed the price of %(target)s"),
    "privacy.erasure.asked": gettext_noop("%(who)s asked to be erased"),
    "privacy.erasure.cancelled": gettext_noop("%(who)s wants to stay after all"),
    "privacy.erasure.done": gettext_noop("%(who)s erased %(target)s"),
    "privacy.export.asked": gettext_noop("%(who)s asked for the data of %(target)s"),
    "privacy.export.opened": gettext_noop("%(who)s downloaded the data of %(target)s"),
    "privacy.export.removed": gettext_noop("%(who)s removed a data export of %(target)s"),
    "settings.changed": gettext_noop("%(who)s changed settings"),
    "store.auto_top_up.off": gettext_noop("%(who)s switched automatic top-up off for the wallet of %(target)s"),
    "store.auto_top_up.on": gettext_noop("%(who)s switched automatic top-up on for the wallet of %(target)s"),
    "store.bank_line.booked": gettext_noop("%(who)s booked a bank transfer for the wallet of %(target)s"),
    "store.bank_line.closed": gettext_noop("%(who)s dealt with a line of the bank statement"),
    "store.money_back.declined": gettext_noop("%(who)s declined to pay money back to %(target)s"),
    "store.money_refund.asked": gettext_noop("%(who)s had money paid back to %(target)s"),
    "store.money_refund.ended": gettext_noop("%(who)s said how a refund of money to %(target)s ended"),
    "store.organisation_price.set": gettext_noop("%(who)s set what %(target)s pays for credits"),
    "store.package.set": gettext_noop("%(who)s set the price of credits"),
    "store.trouble.closed": gettext_noop("%(who)s closed an open item about the wallet of %(target)s"),
    "store.voucher.withdrawn": gettext_noop("%(who)s withdrew a voucher"),
    "store.vouchers.made": gettext_noop("%(who)s made vouchers"),
    "tickets.macro.deleted": gettext_noop("%(who)s deleted a macro for tickets"),
    "tickets.macro.moved": gettext_noop("%(who)s changed the order of macros for tickets"),
    "tickets.macro.saved": gettext_noop("%(who)s saved a macro for tickets"),
    "tickets.rule.deleted": gettext_noop("%(who)s deleted a rule for tickets"),
    "tickets.rule.moved": gettext_noop("%(who)s changed the order of rules for tickets"),
    "tickets.rule.saved": gettext_noop("%(who)s saved a rule for tickets"),
    "tickets.setup.categories": gettext_noop("%(who)s changed the categories of tickets in %(target)s"),
    "tickets.setup.fields": gettext_noop("%(who)s changed what new tickets are asked in %(target)s"),
    "tickets.setup.rules": gettext_noop("%(who)s changed the rules for tickets in %(target)s"),
    "tickets.setup.targets": gettext_noop("%(who)s changed the targets for tickets in %(target)s"),
    "tickets.ticket.deleted": gettext_noop("%(who)s deleted a ticket of %(target)s"),
    "tickets.ticket.opened": gettext_noop("%(who)s opened a ticket of %(target)s"),
    "tickets.ticket.restored": gettext_noop("%(who)s took a ticket of %(target)s out of the bin"),
    "websites.saved": gettext_noop("%(who)s saved a website"),
    "websites.secret_renewed": gettext_noop("%(who)s renewed the secret of a website"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    id: int
    at: datetime
    fact: str
    sentence: str
    url: str
    detail: str
    note: str
    actor_id: int | None


@dataclass(frozen=True, slots=True)
class _Target:
    name: str
    url: str = ""


def page_of_facts(request: HttpRequest, entries: QuerySet[AuditEntry], limit: int) -> tuple[list[Fact], str]:
    """Newest first, from the one in `before`, and where the next page begins."""
    before = number_of(request.GET.get("before"))
    if before is not None:
        entries = entries.filter(pk__lt=before)
    rows = list(entries.select_related("actor", "note").order_by("-pk")[: limit + 1])
    return facts_of(rows[:limit]), str(rows[limit - 1].pk) if len(rows) > limit else ""


def facts_of(rows: Iterable[AuditEntry]) -> list[Fact]:
    """With the names of whom they are about, looked up together."""
    rows = list(rows)
    targets, names = _targets(rows), names_in(rows)
    return [_fact(row, targets.get((row.target_kind, row.target_id)), names) for row in rows]


def _fact(row: AuditEntry, target: _Target | None, names: Names) -> Fact:
    who = row.actor.name if row.actor else _("The hub")
    name = target.name if target else row.target_id or "–"
    template = SENTENCES.get(row.fact)
    text = _(template) if template else "%(who)s: %(fact)s (%(target)s)"
    note = getattr(row, "note", None)
    return Fact(
        id=row.pk,
        at=row.at,
        fact=row.fact,
        sentence=text % {"who": who, "target": name, "fact": row.fact},
        url=target.url if target else "",
        detail=detail_text(row, names),
        note=note.text if note else "",
        actor_id=row.actor_id,
    )


def _targets(rows: Iterable[AuditEntry]) -> dict[tuple[str, str], _Target]:
    ids: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        ids[row.target_kind].add(row.target_id)
    found: dict[tuple[str, str], _Target] = {}
    for kind, lookup in _LOOKUPS.items():
        wanted = [number for one in ids[kind] if (number := number_of(one)) is not None]
        if wanted:
            found |= {(kind, str(pk)): target for pk, target in lookup(wanted).items()}
    return found | _sessions(ids["session"])


def _users(ids: list[int]) -> dict[int, _Target]:
    return {user.pk: _of_user(user) for user in User.objects.filter(pk__in=ids)}


def _of_user(user: User) -> _Target:
    if user.kind == User.Kind.STAFF:
        return _Target(user.name, reverse("admin-colleague", args=[user.pk]))
    if user.kind == User.Kind.CUSTOMER and user.erased_at is None:
        return _Target(user.name, reverse("admin-customer", args=[user.pk]))
    return _Target(user.name)


def _organisations(ids: list[int]) -> dict[int, _Target]:
    rows = Organisation.objects.filter(pk__in=ids)
    return {row.pk: _Target(row.name, reverse("admin-organisation", args=[row.pk])) for row in rows}


def _departments(ids: list[int]) -> dict[int, _Target]:
    rows = Department.objects.filter(pk__in=ids)
    return {row.pk: _Target(row.name, reverse("admin-department", args=[row.pk])) for row in rows}


def _wallets(ids: list[int]) -> dict[int, _Target]:
    """By whose wallet it is."""
    owners = money.wallets_by_id(ids)
    users = _users([owner.user_id for owner in owners.values() if owner.user_id])
    companies = _organisations([owner.organisation_id for owner in owners.values() if owner.organisation_id])
    return {
        pk: found
        for pk, owner in owners.items()
        if (found := users.get(owner.user_id or 0) or companies.get(owner.organisation_id or 0)) is not None
    }


def _tickets(ids: list[int]) -> dict[int, _Target]:
    """By the customer of the ticket, also of one that lies in the bin."""
    return {number: _of_user(user) for number, user in customers_of_tickets(ids).items()}


def _sessions(ids: set[str]) -> dict[tuple[str, str], _Target]:
    """By the customer of the chat."""
    return {
        ("session", str(key)): _Target(user.name, reverse("admin-chat", args=[key]))
        for key, user in customers_of(ids).items()
    }


_LOOKUPS = {
    "user": _users,
    "organisation": _organisations,
    "department": _departments,
    "wallet": _wallets,
    "ticket": _tickets,
}
