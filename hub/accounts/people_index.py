"""What customers are found by: one row each, kept by triggers (migration 0007, docs/how/admin.md), never by code.

What must stay true:
- every customer has a row, but those who were erased or merged into another; nobody else has one
- `words` is folded by accounts_fold, as what is searched for is: without case, accents and variants of letters
"""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models


class PersonIndex(models.Model):
    """`words`: a space, then names, e-mail, company, login number, phone numbers as digits. `name_key`: the order."""

    # No constraint: triggers make and remove the row, also when Django deletes the user around it.
    user = models.OneToOneField(
        "accounts.User", models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="found_by"
    )
    words = models.TextField()
    name_key = models.CharField(max_length=100)

    class Meta:
        indexes = [
            GinIndex(OpClass("words", name="gin_trgm_ops"), name="accounts_personindex_words"),
            models.Index(fields=["name_key", "user"], name="accounts_personindex_order"),
        ]
