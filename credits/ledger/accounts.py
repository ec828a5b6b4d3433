"""Accounts and wallets: which there are, and what is in them."""

from dataclasses import dataclass

from django.db import connection, transaction

from credits.errors import WalletUnknown
from credits.models import Account, Wallet
from hub.accounts.models import Membership, User
from hub.base import clock


@dataclass(frozen=True, slots=True)
class WalletView:
    """A wallet as its reader needs it. `balance_m` is all of it, `available_m` without what is held (L4)."""

    id: int
    balance_m: int
    available_m: int
    unmetered: bool
    user_id: int | None
    organisation_id: int | None


def house_account(kind: str) -> int:
    """The id of the one account of this kind that belongs to the hub; opened when it is asked for first."""
    with connection.cursor() as cursor:
        cursor.execute("select id from credits_account where kind = %s", [kind])
        found = cursor.fetchone()
        if found is None:
            cursor.execute("insert into credits_account (kind) values (%s) on conflict do nothing", [kind])
            cursor.execute("select id from credits_account where kind = %s", [kind])
            found = cursor.fetchone()
    return int(found[0])


@transaction.atomic
def open_wallet(*, user_id: int | None = None, organisation_id: int | None = None) -> int:
    """The id of this owner's wallet, opened now or before. Its hold and debt accounts come after it in locking order."""
    owner = {"user_id": user_id} if organisation_id is None else {"organisation_id": organisation_id}
    found = Wallet.objects.filter(**owner).values_list("account_id", flat=True).first()
    if found is not None:
        return int(found)
    account = Account.objects.create(kind=Account.Kind.WALLET, balance_m=0)
    made = Wallet.objects.bulk_create([Wallet(account=account, opened_at=clock.now(), **owner)], ignore_conflicts=True)
    kept = int(Wallet.objects.get(**owner).account_id)
    if kept == made[0].account_id:  # else somebody was first, and this account stays empty for ever
        Account.objects.create(kind=Account.Kind.HOLD, wallet=account, balance_m=0)
        Account.objects.create(kind=Account.Kind.DEBT, wallet=account)
    return kept


def find_wallet(user_id: int) -> WalletView | None:
    """The wallet this person pays from: the organisation's for its members, else the own one. Only customers have one.

    Every customer has a wallet; it is opened when it is asked for first.
    """
    user = User.objects.filter(pk=user_id, kind=User.Kind.CUSTOMER).values("vip").first()
    if user is None:
        return None
    member = Membership.objects.filter(user_id=user_id).values("organisation_id", "organisation__vip").first()
    if member is None:
        return _view(open_wallet(user_id=user_id), vip=bool(user["vip"]))
    wallet_id = open_wallet(organisation_id=member["organisation_id"])
    return _view(wallet_id, vip=bool(user["vip"] or member["organisation__vip"]))


def get_wallet(wallet_id: int) -> WalletView:
    """This wallet. Raises WalletUnknown."""
    owner = Wallet.objects.filter(pk=wallet_id).values("user__vip", "organisation__vip").first()
    if owner is None:
        raise WalletUnknown
    return _view(wallet_id, vip=bool(owner["user__vip"] or owner["organisation__vip"]))


def _view(wallet_id: int, *, vip: bool) -> WalletView:
    with connection.cursor() as cursor:
        cursor.execute(
            """select w.user_id, w.organisation_id, a.balance_m, coalesce(h.balance_m, 0)
                 from credits_wallet w join credits_account a on a.id = w.account_id
                 left join credits_account h on h.wallet_id = a.id and h.kind = 'hold' where w.account_id = %s""",
            [wallet_id],
        )
        user_id, organisation_id, available_m, held_m = cursor.fetchone()
    return WalletView(
        id=wallet_id,
        balance_m=available_m + held_m,
        available_m=available_m,
        unmetered=vip,
        user_id=user_id,
        organisation_id=organisation_id,
    )
