"""A session from the first click to the rating: the ways in, for sockets and the API, by the names of their frames."""

from chat.actions.afterwards import rate, wrapup
from chat.actions.ending import end, reopen
from chat.actions.escalating import escalate
from chat.actions.limit_asking import ask
from chat.actions.starting import begin, start

__all__ = ["ask", "begin", "end", "escalate", "rate", "reopen", "start", "wrapup"]
