"""The rules of money and time told a second time, as plain as possible: a dict of wallets and objects for meters.

Nothing here is shared with the product. The state machine compares both after each step; the audit is the third
telling.
"""

from __future__ import annotations

from dataclasses import dataclass, field

GRACE_S = 120
BLOCKS_AT_ONCE = 60


@dataclass
class Block:
    amount: int
    month: int = 0
    refunded: int = 0
    given_back: bool = False


@dataclass
class MeterModel:
    wallet: int
    price: int
    block: int
    free: int
    minimum: int
    vip: bool
    most: int | None
    reference: str
    member: int | None = None
    state: str = "ready"
    gift: int = 0
    ran: int = 0
    since: int | None = None
    grace_until: int | None = None
    blocks: list[Block] = field(default_factory=list)
    vip_log: list[tuple[int, bool]] = field(default_factory=list)

    @property
    def n(self) -> int:
        return len(self.blocks)

    @property
    def charged(self) -> int:
        return sum(block.amount for block in self.blocks)

    @property
    def refunded(self) -> int:
        return sum(block.refunded for block in self.blocks)

    @property
    def need(self) -> int:
        return self.price * max(1, self.minimum - self.n)

    def elapsed(self, hub: int) -> int:
        return self.ran + (hub - self.since if self.since is not None else 0)

    def begins(self, n: int) -> int:
        """Running time at which block n + 1 begins."""
        return self.free + self.gift + (0 if n < self.minimum else n * self.block)

    def begun(self, ran: int) -> int:
        n = 0
        while ran > self.begins(n):
            n = max(n + 1, self.minimum)
        return n

    def owes(self, hub: int) -> bool:
        return self.state != "ready" and self.elapsed(hub) > self.begins(self.n)

    def was_vip_at(self, ran: int) -> bool:
        known = [value for since, value in self.vip_log if since <= ran]
        return known[-1] if known else self.vip_log[0][1] if self.vip_log else self.vip

    def rewind(self, ran: int) -> None:
        self.ran, self.since = ran, None
        self.vip_log = [(min(since, ran), value) for since, value in self.vip_log]

    def room(self) -> int | None:
        return None if self.most is None else self.most - self.charged + self.refunded


@dataclass
class MemberModel:
    """Who may spend so much a month of a wallet, and a bit more in this one."""

    wallet: int
    limit: int | None = None
    extra: int = 0
    extra_month: int = 0


class World:
    """Wallets, members, meters, hub time and the calendar."""

    def __init__(self, hub: int, wallets: list[int]) -> None:
        self.hub = hub
        self.balance = dict.fromkeys(wallets, 0)
        self.meters: dict[int, MeterModel] = {}
        self.members: dict[int, MemberModel] = {}
        self.month = 0

    # -- members -------------------------------------------------------------------------------------------------------
    def used(self, member: int) -> int:
        """What this month's blocks of all their meters cost, less what was given back of them."""
        meters = [meter for meter in self.meters.values() if meter.member == member]
        blocks = [block for meter in meters for block in meter.blocks if block.month == self.month]
        return sum(block.amount - block.refunded for block in blocks)

    def left(self, member: int | None) -> int | None:
        if member is None or self.members[member].limit is None:
            return None
        known = self.members[member]
        assert known.limit is not None
        extra = known.extra if known.extra_month == self.month else 0
        return max(0, known.limit + extra - self.used(member))

    def live(self) -> list[tuple[int, MeterModel]]:
        return sorted(self.meters.items())

    # -- what people do ------------------------------------------------------------------------------------------------
    def go(self, meter: MeterModel) -> None:
        meter.since, meter.grace_until = self.hub, None
        meter.state = "free" if meter.n == 0 and meter.ran < meter.free + meter.gift else "running"

    def stop(self, meter: MeterModel, state: str, back: int = 0) -> None:
        if meter.since is not None:
            meter.rewind(meter.elapsed(self.hub) - min(back, self.hub - meter.since))
        meter.state, meter.grace_until = state, None

    def end(self, meter: MeterModel) -> None:
        self.stop(meter, "ended")
        if not meter.owes(self.hub):
            beyond = [block for block in meter.blocks[meter.begun(meter.ran) :] if block.amount]
            self.give_back(meter, len(beyond))

    def give_back(self, meter: MeterModel, count: int, upto: int | None = None) -> int:
        """Refund so many of the newest paid blocks that were not refunded yet; how many there were."""
        left = [block for block in meter.blocks[:upto] if block.amount and not block.given_back]
        chosen = left[::-1][:count]
        for block in chosen:
            block.given_back, block.refunded = True, block.amount
            self.balance[meter.wallet] += block.amount
        return len(chosen)

    def waive(self, meter: MeterModel, count: int) -> None:
        waived = self.give_back(meter, count, meter.begun(meter.elapsed(self.hub)))
        if meter.state != "ended":
            self.gift(meter, (count - waived) * meter.block)
        if meter.state == "empty" and self.can_run(meter):
            self.go(meter)

    def gift(self, meter: MeterModel, seconds: int) -> None:
        meter.gift += seconds
        if meter.state == "running" and meter.n == 0 and meter.elapsed(self.hub) < meter.free + meter.gift:
            meter.state = "free"

    def refund(self, meter: MeterModel, amount: int) -> None:
        for block in reversed(meter.blocks):
            if amount and block.amount and not block.given_back:
                part = min(amount, block.amount)
                block.given_back, block.refunded = True, part
                amount -= part
                self.balance[meter.wallet] += part
        assert amount == 0

    def refundable(self, meter: MeterModel) -> int:
        return sum(block.amount for block in meter.blocks if not block.given_back)

    def switch_vip(self, meter: MeterModel, on: bool) -> None:
        if meter.state != "ready":
            if not meter.vip_log:
                meter.vip_log = [(-1, meter.vip)]
            meter.vip_log.append((meter.elapsed(self.hub), on))
        meter.vip = on

    # -- what the clock does -------------------------------------------------------------------------------------------
    def can_run(self, meter: MeterModel) -> bool:
        room = meter.room()
        caps = [cap for cap in (self.balance[meter.wallet], room, self.left(meter.member)) if cap is not None]
        affords = min(caps) >= meter.need
        return meter.ran < meter.begins(meter.n) or meter.vip or affords

    def wake(self, wallet: int | None = None) -> None:
        for _, meter in self.live():
            if meter.state == "empty" and wallet in (None, meter.wallet) and self.can_run(meter):
                self.go(meter)

    def sweep(self) -> None:
        while any(meter.owes(self.hub) for meter in self.meters.values()):
            for wallet in self.balance:
                self._sweep_wallet(wallet)

    def _sweep_wallet(self, wallet: int) -> None:
        """One statement: of each meter what has begun, over all meters of the wallet in the order of beginning."""
        begun = sorted(
            (start, meter_id, block, count)
            for meter_id, meter in self.meters.items()
            if meter.wallet == wallet
            for start, block, count in self._begun_blocks(meter)
        )
        refused: set[int] = set()
        for _, meter_id, block, count in begun:
            meter = self.meters[meter_id]
            if meter_id in refused or not self._pay(meter, block, count):
                refused.add(meter_id)
        for meter_id in refused:
            self._refuse(self.meters[meter_id])

    def _begun_blocks(self, meter: MeterModel) -> list[tuple[int, int, int]]:
        """(when it began, last block, how many at once)"""
        found: list[tuple[int, int, int]] = []
        n = meter.n
        while meter.owes(self.hub) and meter.elapsed(self.hub) > meter.begins(n):
            upto = max(n + 1, meter.minimum)
            found.append(((meter.since or 0) - meter.ran + meter.begins(n), upto, upto - n))
            if n < meter.minimum or upto - meter.n >= BLOCKS_AT_ONCE:  # the minimum alone; the rest comes next time
                break
            n = upto
        return found

    def _pay(self, meter: MeterModel, block: int, count: int) -> bool:
        vip = meter.was_vip_at(meter.begins(block - count))
        cost = 0 if vip else meter.price * count
        room = meter.room()
        if cost > self.balance[meter.wallet] or (not vip and room is not None and cost > room):
            return False
        left = self.left(meter.member)
        if left is not None and cost > left:
            return False
        self.balance[meter.wallet] -= cost
        meter.blocks += [Block(0 if vip else meter.price, self.month) for _ in range(count)]
        if meter.since is not None:
            meter.state = "running"
        return True

    def _refuse(self, meter: MeterModel) -> None:
        went = meter.since is not None
        meter.rewind(meter.begins(meter.n))
        if went:
            meter.state, meter.grace_until = "empty", self.hub + GRACE_S

    def end_graces(self) -> None:
        for _, meter in self.live():
            if meter.state == "empty" and meter.grace_until is not None and meter.grace_until <= self.hub:
                self.end(meter)
