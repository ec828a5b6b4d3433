"""Synchronous work for the event loop: a bounded pool of threads that give their database connections back."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import connections

P = ParamSpec("P")
R = TypeVar("R")

# Each may hold a database connection; the pool in settings.DATABASES is larger.
THREADS_MAX = 8

_executor = ThreadPoolExecutor(THREADS_MAX, thread_name_prefix="action")


async def run(fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run an action or a query in a thread. More than THREADS_MAX at once wait for a place."""
    context = contextvars.copy_context()

    def call() -> R:
        try:
            return context.run(fn, *args, **kwargs)
        finally:
            connections.close_all()

    return await asyncio.get_running_loop().run_in_executor(_executor, call)


def on_event_loop() -> bool:
    """Whether this runs on one, where nothing may wait."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
