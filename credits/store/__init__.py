"""The credit store: credits are bought here (S1-S7). See docs/how/payments.md."""
