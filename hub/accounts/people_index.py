"""What customers are found by: one row each, kept by triggers (migration 0007, docs/how/admin.md), never by code.

What must stay true:
- every customer has a row, but those who were erased or merged into another; nobody else has one
- `words` is folded by accounts_fold, as what is searched for is: without case, accents and variants of letters
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models


@models.TextField.register_lookup
class Like(models.Lookup):
    """`words__like`: the pattern as it is. Django's own look-ups compare in upper case, or escape what is escaped."""

    lookup_name = "like"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"{left} LIKE {right}", (*left_values, *right_values)


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
