"""Tables of credits. What must stay true stands at the top of each module, the triggers in ledger/sql, metering/sql."""

from credits.models.allowances import Allowance, LimitRequest, LimitRequestQuerySet
from credits.models.approvals import Approval, ApprovalQuerySet
from credits.models.ledger import Account, Hold, Refund, Transfer, TransferNote, Wallet, WalletQuerySet
from credits.models.metering import DepartmentPrice, HubClock, Meter, MeterEvent, Outage, UnmeteredBlock

__all__ = [
    "Account",
    "Allowance",
    "Approval",
    "ApprovalQuerySet",
    "DepartmentPrice",
    "Hold",
    "HubClock",
    "LimitRequest",
    "LimitRequestQuerySet",
    "Meter",
    "MeterEvent",
    "Outage",
    "Refund",
    "Transfer",
    "TransferNote",
    "UnmeteredBlock",
    "Wallet",
    "WalletQuerySet",
]
