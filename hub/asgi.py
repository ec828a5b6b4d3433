"""What the web server runs: HTTP by Django, sockets by the consumers."""

import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")

application = ProtocolTypeRouter({"http": get_asgi_application()})
