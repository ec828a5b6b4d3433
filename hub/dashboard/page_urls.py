"""Addresses of the staff's live pages."""

from __future__ import annotations

from django.urls import path

from hub.dashboard import pages

urlpatterns = [
    path("console/", pages.console, name="console"),
    path("board/", pages.board, name="board"),
]
