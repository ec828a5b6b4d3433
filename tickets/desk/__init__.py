"""The staff's pages of tickets (docs/how/desk.md): the list, one ticket, a new one for a customer."""
