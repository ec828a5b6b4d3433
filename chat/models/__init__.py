"""Live conversations: sessions, their messages, who takes part, who is there.

What must stay true:
- `Counter` gives each session its sequence numbers; only live_write() raises them, and it is locked in id order
- a message's (session, seq) and (session, staff_seq) are unique and without gaps; exactly one of the two is set
- (author, client_id, session) is unique: whoever sends twice has sent once (C5)
- state changes go through the table of moves in chat/states.py
- presence is a lease in PostgreSQL (D1), never cleanup code in a disconnect handler
- every change of a session or of a presence row tells the board by a trigger (D2), so that no action can forget it
"""

from chat.models.board import BoardTopic
from chat.models.messages import Counter, Epoch, Member, Message, MessageVersion
from chat.models.news import MeterNews
from chat.models.presence import AgentPresence, Lease, LeaseWatch, Process
from chat.models.requests import Request
from chat.models.sessions import Session

__all__ = [
    "AgentPresence",
    "BoardTopic",
    "Counter",
    "Epoch",
    "Lease",
    "LeaseWatch",
    "Member",
    "Message",
    "MessageVersion",
    "MeterNews",
    "Process",
    "Request",
    "Session",
]
