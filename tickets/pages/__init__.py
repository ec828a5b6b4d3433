"""The customers' pages of tickets, files and help articles (docs/how/portal.md, tickets.md, knowledge.md)."""
