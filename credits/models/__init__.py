"""Tables of credits. What must stay true stands at the top of each module, the triggers in ledger/sql,
metering/sql and store/sql.
"""

from credits.models.allowances import Allowance, LimitRequest, LimitRequestQuerySet
from credits.models.approvals import Approval, ApprovalQuerySet
from credits.models.ledger import Account, Hold, Refund, Transfer, TransferNote, Wallet, WalletQuerySet
from credits.models.metering import DepartmentPrice, HubClock, Meter, MeterEvent, Outage, UnmeteredBlock
from credits.models.sandbox import SandboxMandate, SandboxNotice, SandboxPayment, SandboxRefund
from credits.models.store import (
    SIZES,
    AutoTopUp,
    BankLine,
    MoneyRefund,
    OrganisationPrice,
    Package,
    PaymentNotice,
    Purchase,
    PurchaseEvent,
    PurchaseQuerySet,
    Receipt,
    ReceiptWords,
    ReceiptYear,
    VatAt,
    Voucher,
    VoucherRedemption,
)

__all__ = [
    "SIZES",
    "Account",
    "Allowance",
    "Approval",
    "ApprovalQuerySet",
    "AutoTopUp",
    "BankLine",
    "DepartmentPrice",
    "Hold",
    "HubClock",
    "LimitRequest",
    "LimitRequestQuerySet",
    "Meter",
    "MeterEvent",
    "MoneyRefund",
    "OrganisationPrice",
    "Outage",
    "Package",
    "PaymentNotice",
    "Purchase",
    "PurchaseEvent",
    "PurchaseQuerySet",
    "Receipt",
    "ReceiptWords",
    "ReceiptYear",
    "Refund",
    "SandboxMandate",
    "SandboxNotice",
    "SandboxPayment",
    "SandboxRefund",
    "Transfer",
    "TransferNote",
    "UnmeteredBlock",
    "VatAt",
    "Voucher",
    "VoucherRedemption",
    "Wallet",
    "WalletQuerySet",
]
