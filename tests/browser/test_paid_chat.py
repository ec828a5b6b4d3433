"""A paid chat in two real windows, from the shop's page to the wrap-up: C1, C2, C5, C6, C12, M2, M3, M4."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.counter import FIRST_ANSWER, Counter
from tests.browser.money import Purse
from tests.browser.windows import SLOW_MS
from tests.running import RunningHub

pytestmark = pytest.mark.browser

LONG = "".join(f"{number:04d} " for number in range(1600))[:7999] + "!"
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
CUSTOMER_SAYS = [
    "It does not start any more.",
    LONG,
    "😀👩‍💻🏳️‍🌈 and a flag 🇳🇱",
    "سلام، رایانه‌ام روشن نمی‌شود.",
    "Računalo se ne pali, čšćžđ ČŠĆŽĐ.",
    SCRIPT,
    "two\nlines",
    "a  lot   of    space",
    "&amp; <b>not bold</b>",
    "Thank you!",
]
AGENT_SAYS = [f"Answer {number}: {text}"[:8000] for number, text in enumerate(CUSTOMER_SAYS[::-1], start=1)]
AGENT_SAYS[0] = FIRST_ANSWER


def test_a_paid_chat_from_the_first_click_to_the_wrap_up(counter: Counter) -> None:
    """C1, C5, C12, M2, M3, X3: to the block, through a reload of both pages."""
    customer, agent, purse = counter.customer, counter.agent, counter.purse
    purse.set_price(price_m=2000, block_s=10)
    purse.fill(100_000)
    agent.go_online()
    customer.open_widget()
    customer.choose(purse.department_name)
    customer.sees(re.compile("By starting you agree to the price"))
    customer.sees("100.0 credits")
    customer.sees(re.compile("about 8 min"))
    customer.ask("Can you help me?")
    agent.accept(counter.name)
    _talk(counter)
    said = ["Can you help me?", *[text for both in zip(AGENT_SAYS, CUSTOMER_SAYS, strict=True) for text in both]]
    _both_show(counter, said)
    customer.reload()
    agent.reload(counter.name)
    _both_show(counter, said)
    _meters_agree(counter)
    _end_and_settle(counter)


def _talk(counter: Counter) -> None:
    """Each waits for what the other said before saying more: bubbles are counted, since answers quote questions."""
    shown = 1
    for answer, question in zip(AGENT_SAYS, CUSTOMER_SAYS, strict=True):
        counter.agent.talk.say(answer)
        counter.customer.talk.hears_all(shown + 1)
        counter.customer.talk.say(question)
        shown += 2
        counter.agent.talk.hears_all(shown)


def _both_show(counter: Counter, said: list[str]) -> None:
    for talk in (counter.customer.talk, counter.agent.talk):
        talk.hears_all(len(said))
        shown = [_squeezed(text) for text in talk.texts()]
        wanted = [_squeezed(text) for text in said]
        differ = [(a[:80], b[:80], len(a), len(b)) for a, b in zip(shown, wanted, strict=True) if a != b]
        assert differ == []


def _squeezed(text: str) -> str:
    """As a screen shows it, spaces apart."""
    return re.sub(r"\s+", " ", text).strip()


def _meters_agree(counter: Counter) -> None:
    """M3: both sides show what the ledger says. It is read between two looks at the screen, as it may just move."""
    for _ in range(300):
        counter.customer.page.wait_for_timeout(150)  # a block that begins is on all three within a second
        before = counter.customer.talk.meter.used
        charged_m = counter.purse.charged_m()
        shown = {counter.customer.talk.meter.used, counter.agent.talk.meter.used, before}
        if shown == {f"{charged_m / 1000:.1f}"}:
            assert charged_m > 0
            return
    raise AssertionError(f"the screens show {shown}, the ledger {charged_m}")


def _end_and_settle(counter: Counter) -> None:
    """C12: the summary is what the ledger says; then rating and wrap-up."""
    customer, agent, purse = counter.customer, counter.agent, counter.purse
    session = purse.live_session()
    customer.choose_in_menu("End the chat")
    customer.sees("Is it solved?")
    charged_m = sum(charge["amount_m"] for charge in purse.charges(session["session"]))
    assert charged_m == -sum(line["amount_m"] for line in purse.lines_of(session["session"]))
    bill = customer.widget.locator("dl.sum")
    expect(bill).to_contain_text(f"{charged_m / 1000:.1f} credits", timeout=SLOW_MS)
    expect(bill).to_contain_text(f"{purse.balance_m() / 1000:.1f} credits", timeout=SLOW_MS)
    customer.widget.get_by_text("Partly").click()
    customer.widget.get_by_role("radio", name="4 of 5").check(force=True)
    customer.widget.get_by_role("button", name="Send rating").click()
    customer.sees("Thank you for telling us.")
    assert purse.session(session["session"])["rating"] == 4
    agent.page.get_by_role("radio", name="Solved", exact=True).check(force=True)
    agent.page.get_by_role("button", name="Save and close").click()
    expect(agent.page.get_by_role("heading", name="Wrap up")).to_be_hidden(timeout=SLOW_MS)


def test_the_wallet_runs_empty_is_filled_and_runs_empty_again(counter: Counter) -> None:
    """M4: warned, an unbilled grace, staff add credits and it goes on; then nobody does, and it ends."""
    customer, agent, purse = counter.customer, counter.agent, counter.purse
    purse.set_price(price_m=1000, block_s=4)
    purse.fill(2000)
    counter.begin("Quick, I have little credit.")
    session = purse.live_session()
    customer.sees(re.compile("About 1 minute left"))
    customer.sees("Your credit is used up")
    agent.sees(re.compile("The credit is used up"))
    assert purse.balance_m() == 0
    purse.fill(1000)
    expect(customer.widget.get_by_text("Your credit is used up")).to_be_hidden(timeout=SLOW_MS)
    agent.talk.say("There you are again.")
    customer.talk.hears("There you are again.")
    customer.sees("Your credit is used up")
    customer.sees("Ended because the credit was used up")
    ended = purse.session(session["session"])
    assert (ended["end_reason"], ended["charged_m"], purse.balance_m()) == ("empty", 3000, 0)
    assert [charge["block"] for charge in sorted(purse.charges(session["session"]), key=_block)] == _row_of(
        3, purse, session
    )


def _block(charge: dict[str, Any]) -> int:
    return int(charge["block"])


def _row_of(count: int, purse: Purse, session: dict[str, Any]) -> list[int]:
    first = min(_block(charge) for charge in purse.charges(session["session"]))
    return list(range(first, first + count))


def test_a_killed_server_is_said_and_nothing_is_lost_or_doubled(counter: Counter, hub: RunningHub) -> None:
    """C5, C6: the offline bar, the unsent that is seen, and once it is back each message once."""
    counter.purse.set_price(price_m=1000, block_s=60)
    counter.purse.fill(50_000)
    counter.begin("Hello?")
    customer, agent = counter.customer, counter.agent
    hub.kill("web", 0)
    customer.sees(re.compile("No connection"))
    customer.talk.say("Said while the line was down")
    customer.sees("Waiting for the connection")
    agent.talk.hears("Said while the line was down")
    expect(customer.widget.get_by_text("No connection")).to_be_hidden(timeout=SLOW_MS)
    for talk in (customer.talk, agent.talk):
        assert talk.texts() == ["Hello?", FIRST_ANSWER, "Said while the line was down"]


def test_with_nobody_online_it_says_so_and_keeps_what_was_typed(counter: Counter) -> None:
    """C4"""
    counter.agent.go_online()
    counter.agent.set_status("Offline")
    customer = counter.customer
    customer.open_widget()
    customer.choose(counter.purse.department_name)
    customer.sees(re.compile("Nobody is there at the moment"))
    customer.widget.get_by_label("Your question").fill("My screen is black")
    expect(customer.start_button).to_have_count(0)
    expect(customer.widget.get_by_role("button", name="Leave a message")).to_be_visible()
    customer.reload()
    expect(customer.widget.get_by_label("Your question")).to_have_value("My screen is black", timeout=SLOW_MS)


def test_c2_without_credits_text_and_place_are_kept_until_there_are(counter: Counter) -> None:
    """C2: it goes on by itself when staff add credits."""
    customer, agent, purse = counter.customer, counter.agent, counter.purse
    purse.set_price(price_m=2000, block_s=60)
    purse.fill(500)
    agent.go_online()
    customer.open_widget()
    customer.choose(purse.department_name)
    customer.sees("too little to start")
    expect(customer.start_button).to_be_enabled(timeout=SLOW_MS)
    customer.ask("Nothing must be lost of this")
    customer.sees("Not enough credit to start")
    customer.talk.hears("Nothing must be lost of this")
    customer.reload()
    customer.sees("Not enough credit to start")
    purse.fill(20_000)
    agent.accept(counter.name)
    agent.talk.hears("Nothing must be lost of this")
