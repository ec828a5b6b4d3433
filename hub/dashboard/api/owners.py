"""The door of what the hub owner alone sets up (A2): to everybody else it does not exist."""

from hub.accounts import public as accounts


class OwnerApiView(accounts.OwnerApiView):
    scope = "site"
