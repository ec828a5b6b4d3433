"""The dispatcher's stand-in: it only shows that it lives."""

import os
import signal
import threading


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    import django

    django.setup()
    from hub.base import heartbeat

    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    while not stopping.wait(1):
        heartbeat.beat("dispatcher")


if __name__ == "__main__":
    main()
