"""Wallets, the ledger, and metering. Knows accounts and money, nothing of chats or tickets."""
