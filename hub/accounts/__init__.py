"""People: customers, organisations, staff, departments, sign-in, tokens, the audit log."""
