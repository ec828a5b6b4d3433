"""Texts that are rightly the same in a language as in English: names, units, and words that the language took over."""

from __future__ import annotations

SAME: dict[str, set[str]] = {
    "nl": {
        "%(amount)s credits",
        "%(amount)s credits per %(time)s.",
        "%(amount)s per %(time)s",
        "Browser",
        "Chat",
        "Chat: %(department)s",
        "Chats",
        "Code",
        "Computer",
        "Console",
        "Credits",
        "Credits/min",
        "E-mail",
        "Home",
        "Live",
        "Live chat",
        "Model",
        "Offline",
        "Online",
        "Open chats",
        "Parameters",
        "Status",
        "Team",
        "Volume",
        "credits",
        "credits per {time}",
        "credits/min",
        "{amount} credits",
        "{amount} per {time}",
        "{n} chat",
        "{n} offline",
        "{n} online",
    },
    "hr": {"Agent", "Agent: %(name)s", "Model", "Status"},
    "it": {
        "Browser",
        "Chat",
        "Chat: %(department)s",
        "Computer",
        "Console",
        "E-mail",
        "Home",
        "Offline",
        "Online",
        "Password",
        "Team",
        "Volume",
        "{n} chat",
        "{n} offline",
        "{n} online",
    },
}
EVERYWHERE_WITH_LATIN_LETTERS = {
    "%(h)s h %(n)s min",
    "%(n)s min",
    "{amount}/min",
    "{h} h {n} min",
    "{n} min",
}


def may_be_the_same(language: str, text: str) -> bool:
    return text in EVERYWHERE_WITH_LATIN_LETTERS or text in SAME.get(language, set())
