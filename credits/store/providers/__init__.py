"""Payment providers, each behind the interface of base.py. See docs/how/payments.md."""
