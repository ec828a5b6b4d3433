"""What clients asked and what they were told: one line per fact, in the order in which it happened."""

import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["invoke", "ok", "fail", "unknown"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened to one message. `unknown`: the line broke before an answer came; ok may still follow."""

    kind: Kind
    process: str
    session: str
    id: str
    at_s: float
    text: str = ""
    seq: int | None = None
    code: str = ""


class History:
    """Facts of all clients of one test, on one monotonic clock."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []

    def invoke(self, process: str, session: str, message_id: str, text: str) -> None:
        self._add(Fact("invoke", process, session, message_id, time.monotonic(), text=text))

    def ok(self, process: str, session: str, message_id: str, seq: int) -> None:
        self._add(Fact("ok", process, session, message_id, time.monotonic(), seq=seq))

    def fail(self, process: str, session: str, message_id: str, code: str) -> None:
        self._add(Fact("fail", process, session, message_id, time.monotonic(), code=code))

    def unknown(self, process: str, session: str, message_id: str) -> None:
        self._add(Fact("unknown", process, session, message_id, time.monotonic()))

    def of(self, session: str) -> Iterator[Fact]:
        return (fact for fact in self.facts if fact.session == session)

    def count(self, kind: Kind) -> int:
        return sum(fact.kind == kind for fact in self.facts)

    def write(self, path: Path) -> None:
        """As JSON lines, to look at after a failure."""
        path.write_text("".join(json.dumps(asdict(fact)) + "\n" for fact in self.facts), encoding="utf-8")

    def _add(self, fact: Fact) -> None:
        self.facts.append(fact)
