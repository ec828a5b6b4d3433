"""Tables of tickets. What must stay true stands at the top of each module."""

from tickets.models.entries import Draft, Reading, TicketEntry
from tickets.models.files import FilePart, FilePlace, FileQuota, StoredFile
from tickets.models.knowledge import (
    Article,
    ArticleCategory,
    ArticleDay,
    ArticleOpinion,
    ArticleText,
    ArticleVersion,
    KnownWord,
)
from tickets.models.rules import Macro, Rule, RuleRun
from tickets.models.setup import Category, FormField, SavedView, SlaTarget, TicketRules
from tickets.models.tickets import Follower, Looking, Ticket, TicketLink, TicketQuerySet
from tickets.models.work import HandOver, WorkLog

__all__ = [
    "Article",
    "ArticleCategory",
    "ArticleDay",
    "ArticleOpinion",
    "ArticleText",
    "ArticleVersion",
    "Category",
    "Draft",
    "FilePart",
    "FilePlace",
    "FileQuota",
    "Follower",
    "FormField",
    "HandOver",
    "KnownWord",
    "Looking",
    "Macro",
    "Reading",
    "Rule",
    "RuleRun",
    "SavedView",
    "SlaTarget",
    "StoredFile",
    "Ticket",
    "TicketEntry",
    "TicketLink",
    "TicketQuerySet",
    "TicketRules",
    "WorkLog",
]
