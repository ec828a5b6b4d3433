"""What the web server runs, Daphne or uvicorn alike: HTTP by Django, sockets by the consumers."""

import gc
import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import path, re_path

from hub import loading

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
loading.begins()

pages = get_asgi_application()  # before the consumers are imported: it loads the apps

import hub.urls  # noqa: E402, F401 - what the first request would load
from chat.consumers.lean import Nowhere  # noqa: E402
from chat.consumers.outbox import pressure  # noqa: E402
from chat.consumers.staff import StaffSocket  # noqa: E402
from chat.consumers.visitor import VisitorSocket  # noqa: E402
from credits.public import NoticeDoor  # noqa: E402
from hub import protocol  # noqa: E402

sockets = URLRouter(
    [
        path("ws/visitor/", VisitorSocket.as_asgi(decode=protocol.decode_visitor)),
        path("ws/staff/", StaffSocket.as_asgi(decode=protocol.decode_staff)),
        re_path("", Nowhere.as_asgi()),
    ]
)

# Outermost, so that it sees the server's own `send`: see chat/consumers/outbox.py.
application = pressure(ProtocolTypeRouter({"http": NoticeDoor(pages), "websocket": sockets}))

# What is loaded by now stays: the collector need not walk through it again and again, which stopped every socket for up
# to 0.1 s (bench/README.md: p99 at saturation halves). Rarer full collections, for the same reason.
gc.collect()
loading.ends()
gc.set_threshold(20_000, 20, 100)
