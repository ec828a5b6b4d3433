"""The ASGI application of the tutorial peer: `daphne bench.peers.tutorial.app:application`. env: DSN, REDIS_URL."""

from __future__ import annotations

import json
import os
from typing import Any

import dj_database_url
import django
from django.conf import settings

if not settings.configured:
    settings.configure(
        SECRET_KEY="bench",  # it signs nothing
        USE_TZ=True,
        INSTALLED_APPS=["channels", "bench.peers.tutorial.apps.TutorialConfig"],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DATABASES={"default": dict(dj_database_url.parse(os.environ["DSN"]))},
        CHANNEL_LAYERS={
            "default": {
                "BACKEND": "channels_redis.core.RedisChannelLayer",
                # With its defaults redis-py 8 closes idle sockets after 5 s and refuses the 101st connection.
                "CONFIG": {
                    "hosts": [
                        {"address": os.environ["REDIS_URL"], "socket_timeout": 30, "max_connections": 10_000},
                    ]
                },
            }
        },
    )
    django.setup()

from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path

from bench.peers.tutorial.models import TutorialMessage


class ChatConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels has no types
    async def connect(self) -> None:
        self.room = self.scope["url_route"]["kwargs"]["room"]
        self.role = self.scope["url_route"]["kwargs"]["role"]
        self.group = f"chat_{self.room}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: str) -> None:
        data = json.loads(text_data)
        await TutorialMessage._default_manager.acreate(
            room=self.room, role=self.role, client_id=data["id"], body=data["body"]
        )
        event = {"type": "chat.message", "id": data["id"], "body": data["body"], "role": self.role}
        await self.channel_layer.group_send(self.group, event)

    async def chat_message(self, event: dict[str, Any]) -> None:
        shown = {"type": "msg", "id": event["id"], "body": event["body"], "role": event["role"]}
        await self.send(text_data=json.dumps(shown))


def make_table() -> None:
    from django.db import connection

    with connection.schema_editor() as editor:
        editor.create_model(TutorialMessage)


application = ProtocolTypeRouter({"websocket": URLRouter([path("ws/<room>/<role>", ChatConsumer.as_asgi())])})

if __name__ == "__main__":
    make_table()
