"""Accounts and wallets: which there are, and what is in them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import connection, transaction
from django.db.models import QuerySet

from credits.allowances import read_pairs
from credits.errors import WalletUnknown
from credits.models import Account, Wallet
from hub.accounts.public import User, is_among
from hub.base import clock
from hub.base.prepared import prepared
from hub.base.sql_arrays import array_of

_READ = """
select w.account_id, a.balance_m + coalesce(h.balance_m, 0), a.balance_m, coalesce(u.vip, o.vip), w.user_id,
       w.organisation_id, coalesce(credits_owed_m(w.account_id), 0)
  from credits_wallet w join credits_account a on a.id = w.account_id
  left join credits_account h on h.wallet_id = a.id and h.kind = 'hold'
  left join accounts_user u on u.id = w.user_id left join accounts_organisation o on o.id = w.organisation_id
 where w.account_id = any(%s::bigint[]) or w.user_id = any(%s::bigint[]) or w.organisation_id = any(%s::bigint[])"""


@dataclass(frozen=True, slots=True)
class WalletView:
    """A wallet as its reader needs it. `balance_m` is all of it, `available_m` without what is held (L4).

    `owed_m` was taken back after it had been spent (S5).
    Read for a member of an organisation, `limit_left_m` is what they may still spend of it this month, out of
    `limit_m` (P4); None is no limit.
    """

    id: int
    balance_m: int
    available_m: int
    unmetered: bool
    user_id: int | None
    organisation_id: int | None
    owed_m: int = 0
    limit_m: int | None = None
    limit_left_m: int | None = None

    def lacks(self, amount_m: int) -> str:
        """What stands against spending so much: '' nothing, 'balance' or 'limit' (P4)."""
        if self.unmetered:
            return ""
        if self.available_m < amount_m or self.owed_m:
            return "balance"
        return "limit" if self.limit_left_m is not None and self.limit_left_m < amount_m else ""


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
    """The id of this owner's wallet, opened now or before. Its hold and debt accounts follow it in locking order."""
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
    return find_wallets([user_id]).get(user_id)


def find_wallets(user_ids: Iterable[int]) -> dict[int, WalletView]:
    """The wallets these people pay from, in a few statements however many; who is no customer is missing."""
    rows = _customers(ids=list(user_ids))
    vips = {user_id: vip for user_id, vip, _ in rows}
    organisation_of = {user_id: organisation_id for user_id, _, organisation_id in rows if organisation_id is not None}
    wallets = _read(user_ids=vips.keys() - organisation_of.keys(), organisation_ids=set(organisation_of.values()))
    found: dict[int, WalletView] = {}
    for user_id, vip in vips.items():
        organisation_id = organisation_of.get(user_id)
        wallet = wallets.get((None, organisation_id) if organisation_id else (user_id, None))
        if wallet is None:  # the first time
            owned_by_user = organisation_id is None
            opened = open_wallet(user_id=user_id) if owned_by_user else open_wallet(organisation_id=organisation_id)
            wallet = get_wallet(opened)
        found[user_id] = replace(wallet, unmetered=wallet.unmetered or vip)
    return _with_limits(found)


@prepared
def _customers(*, ids: list[int]) -> QuerySet[User, tuple[int, bool, int | None]]:
    customers = User.objects.filter(is_among("pk", ids), kind=User.Kind.CUSTOMER)
    rows: QuerySet[User, tuple[int, bool, int | None]] = customers.values_list("pk", "vip", "membership__organisation")
    return rows


def _with_limits(found: dict[int, WalletView]) -> dict[int, WalletView]:
    shared = [(wallet.id, user_id) for user_id, wallet in found.items() if wallet.organisation_id is not None]
    for (_, user_id), allowance in read_pairs(shared).items():
        found[user_id] = replace(found[user_id], limit_m=allowance.most_m, limit_left_m=allowance.left_m)
    return found


def get_wallet(wallet_id: int) -> WalletView:
    """This wallet. Raises WalletUnknown."""
    for wallet in _read(wallet_ids=[wallet_id]).values():
        return wallet
    raise WalletUnknown


def wallet_of_organisation(organisation_id: int) -> WalletView:
    """The wallet that its members pay from; it is opened when it is asked for first."""
    found = _read(organisation_ids=[organisation_id]).get((None, organisation_id))
    return found or get_wallet(open_wallet(organisation_id=organisation_id))


def wallets_by_id(wallet_ids: Iterable[int]) -> dict[int, WalletView]:
    """These wallets, in one statement; what is none is missing."""
    return {view.id: view for view in _read(wallet_ids=wallet_ids).values()}


def _read(
    *, wallet_ids: Iterable[int] = (), user_ids: Iterable[int] = (), organisation_ids: Iterable[int] = ()
) -> dict[tuple[int | None, int | None], WalletView]:
    """Wallets by (user, organisation)."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, [array_of(wallet_ids), array_of(user_ids), array_of(organisation_ids)])
        views = [WalletView(*row) for row in cursor]
    return {(view.user_id, view.organisation_id): view for view in views}
