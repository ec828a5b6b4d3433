"""Credits: wallets, a double-entry ledger, prices and meters. Knows accounts and money, nothing of chats or tickets.

models/    tables, and what the database itself must refuse
ledger/    transfers, holds, refunds, adjustments, lots; docs/how/ledger.md
metering/  hub time, meters, the sweep, warnings, gifts, audit; docs/how/metering.md
store/     payment providers, purchases; docs/how/payments.md
public.py  all that other apps may import
"""
