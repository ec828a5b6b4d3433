"""Slow work of tickets and files; each may stop anywhere and run twice."""

from __future__ import annotations

from celery import shared_task

from tickets.files import judging, tidying

PICTURES_AT_ONCE = 20


@shared_task(name=judging.DRAW_TASK, expires=30)  # type: ignore[untyped-decorator]
def draw_pictures() -> None:
    """Asked for when a picture arrived, and by beat every few seconds. One at a time in each worker's thread."""
    for _ in range(PICTURES_AT_ONCE):
        if not judging.draw_next():
            break


@shared_task(name="tickets.tidy_files", expires=300)  # type: ignore[untyped-decorator]
def tidy_files() -> None:
    """What was left behind by a process that died, and what nobody used."""
    judging.judge_left_behind()
    while tidying.remove_unused() == tidying.AT_ONCE_MAX:
        pass
