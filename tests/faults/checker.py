"""Decides, from a history and from what was read, whether C5 and M2 held. Knows nothing of how either came about.

Messages are judged as a *set-full*: each acknowledged message is read by everybody exactly once, in the order of seq,
without gaps, none lost, none invented. Because seq shows the order the check is linear.
"""

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.faults.history import Fact


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a transcript as somebody saw it. Transcript events are entries with is_event."""

    seq: int
    id: str
    text: str = ""
    is_event: bool = False

    @classmethod
    def of_frame(cls, frame: Mapping[str, Any]) -> "Entry":
        return cls(int(frame["seq"]), str(frame["id"]), str(frame.get("text") or ""), frame["kind"] == "event")


def message_offences(facts: Iterable[Fact], views: Mapping[str, Sequence[Entry]], *, settled: bool = True) -> list[str]:
    """What is wrong with one session. `settled`: every message must have been answered by now."""
    told = _Told(facts)
    found = [*told.contradictions(), *told.backwards()]
    if settled:
        found += [f"{message_id} was never answered" for message_id in told.unanswered()]
    for name, view in views.items():
        found += [f"{name}: {offence}" for offence in _view_offences(view, told)]
    return found + list(_disagreements(views))


class _Told:
    """What the senders know: what they asked, and what they were answered."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self.facts = sorted(facts, key=lambda fact: fact.at_s)
        self.texts = {fact.id: fact.text for fact in self.facts if fact.kind == "invoke"}
        self.seqs: dict[str, set[int]] = {}
        for fact in self.facts:
            if fact.kind == "ok" and fact.seq is not None:
                self.seqs.setdefault(fact.id, set()).add(fact.seq)
        self.failed = {fact.id for fact in self.facts if fact.kind == "fail"}

    def contradictions(self) -> Iterator[str]:
        for message_id, seqs in self.seqs.items():
            if len(seqs) > 1:
                yield f"{message_id} was acknowledged with several seq: {sorted(seqs)}"
            if message_id in self.failed:
                yield f"{message_id} was both acknowledged and refused"
        owners = Counter(seq for seqs in self.seqs.values() for seq in seqs)
        yield from (f"seq {seq} was given to {count} messages" for seq, count in owners.items() if count > 1)

    def backwards(self) -> Iterator[str]:
        """Who was sent after another was acknowledged stands after it."""
        highest = 0
        floor: dict[str, int] = {}
        for fact in self.facts:
            if fact.kind == "invoke":
                floor[fact.id] = highest
            elif fact.kind == "ok" and fact.seq is not None:
                if fact.seq <= floor.get(fact.id, 0):
                    yield f"{fact.id} has seq {fact.seq}, though {floor[fact.id]} was acknowledged before it was sent"
                highest = max(highest, fact.seq)

    def unanswered(self) -> list[str]:
        return [
            message_id for message_id in self.texts if message_id not in self.seqs and message_id not in self.failed
        ]


def _view_offences(view: Sequence[Entry], told: _Told) -> Iterator[str]:
    seqs = [entry.seq for entry in view]
    if seqs != sorted(seqs):
        yield f"not in the order of seq: {_first_step_back(seqs)}"
    yield from (f"seq {seq} shown {count} times" for seq, count in Counter(seqs).items() if count > 1)
    missing = sorted(set(range(1, max(seqs, default=0) + 1)) - set(seqs))
    if missing:
        yield f"gaps: {missing[:20]}"
    yield from _content_offences(view, told)


def _content_offences(view: Sequence[Entry], told: _Told) -> Iterator[str]:
    texts = [entry for entry in view if not entry.is_event]
    yield from (f"{key} shown {count} times" for key, count in Counter(e.id for e in texts).items() if count > 1)
    at = {entry.id: entry for entry in texts}
    for message_id, seqs in told.seqs.items():
        if message_id not in at:
            yield f"lost: {message_id} was acknowledged with seq {sorted(seqs)}"
        elif at[message_id].seq not in seqs:
            yield f"{message_id} was acknowledged with seq {sorted(seqs)} and shown as {at[message_id].seq}"
    for entry in texts:
        if entry.id not in told.texts:
            yield f"invented: {entry.id} (seq {entry.seq}) was never sent"
        elif entry.text != told.texts[entry.id]:
            yield f"{entry.id} was changed on the way"
        if entry.id in told.failed:
            yield f"{entry.id} was refused and is there all the same"


def _first_step_back(seqs: Sequence[int]) -> str:
    return next(f"{after} after {before}" for before, after in itertools.pairwise(seqs) if after < before)


def _disagreements(views: Mapping[str, Sequence[Entry]]) -> Iterator[str]:
    """Everybody sees the same thing at the same place, up to where everybody is."""
    first_name, first = next(iter(views.items()), ("", ()))
    reference = {entry.seq: entry for entry in first}
    for name, view in views.items():
        if name == first_name:
            continue
        seen = {entry.seq: entry for entry in view}
        for seq in sorted(reference.keys() | seen.keys()):
            if reference.get(seq) != seen.get(seq):
                yield f"{first_name} and {name} differ at seq {seq}: {reference.get(seq)} and {seen.get(seq)}"
                break


@dataclass(frozen=True, slots=True)
class Bill:
    """What a session's charges should add up to."""

    price_m: int
    block_s: int
    free_s: int
    elapsed_s: float
    charged_m: int


def charge_offences(
    charges: Sequence[Mapping[str, Any]], bill: Bill, lines: Sequence[Mapping[str, Any]] | None = None
) -> list[str]:
    """Whether each block was charged once, at the price, and as many as the active time says (M2).

    `lines`: the wallet's lines that name this session; they must tell the same story as the charges.
    """
    found: list[str] = []
    blocks = [int(charge["block"]) for charge in charges]
    found += [f"block {block} was charged {count} times" for block, count in Counter(blocks).items() if count > 1]
    if blocks and sorted(set(blocks)) != list(range(min(blocks), min(blocks) + len(set(blocks)))):
        found.append(f"blocks are missing between: {sorted(set(blocks))}")
    found += [f"block {c['block']} cost {c['amount_m']}" for c in charges if int(c["amount_m"]) != bill.price_m]
    total_m = sum(int(charge["amount_m"]) for charge in charges)
    if total_m != bill.charged_m:
        found.append(f"the charges are {total_m}, the session says {bill.charged_m}")
    begun = _blocks_begun(bill)
    if not begun[0] <= len(blocks) <= begun[1]:
        found.append(f"{len(blocks)} blocks for {bill.elapsed_s} s; {begun[0]} to {begun[1]} have begun")
    if lines is not None:
        spent_m = -sum(int(line["amount_m"]) for line in lines)
        if spent_m != total_m:
            found.append(f"the wallet's lines say {spent_m}, the charges {total_m}")
        if len(lines) != len(blocks):
            found.append(f"{len(lines)} wallet lines for {len(blocks)} charges")
    return found


def _blocks_begun(bill: Bill) -> tuple[int, int]:
    """How many blocks have begun, at least and at most: a second either way, since elapsed_s may be whole seconds."""

    def begun(active_s: float) -> int:
        return int(active_s // bill.block_s) + 1 if active_s >= 0 else 0

    paid_s = bill.elapsed_s - bill.free_s
    return begun(paid_s - 1), begun(paid_s + 1)
