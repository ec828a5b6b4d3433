"""The ledger: transfers, holds, refunds, adjustments, lots. See docs/how/ledger.md."""
