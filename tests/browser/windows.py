"""Two people at their windows, in the words of what they do: the customer in a shop, the agent at the counter."""

import re
from base64 import b32decode
from typing import Any

from django_otp.oath import totp
from playwright.sync_api import FrameLocator, Locator, Page, expect

SLOW_MS = 60_000  # a fact that one waits for; the browser shares its machine


class Meter:
    """The strip as a person reads it: what is written under what."""

    def __init__(self, strip: Locator) -> None:
        self.strip = strip

    def figures(self) -> dict[str, str]:
        labels = [text.split(",")[0] for text in self.strip.locator("dt").all_inner_texts()]
        return dict(zip(labels, self.strip.locator("dd").all_inner_texts(), strict=True))

    @property
    def used(self) -> str:
        return self.figures()["Used"].strip()


class Talk:
    """A conversation on a screen."""

    def __init__(self, log: Locator, composer: Locator, meter: Locator) -> None:
        self.log, self.composer, self.meter = log, composer, Meter(meter)

    @property
    def bubbles(self) -> Locator:
        return self.log.locator(".msg .b")

    def texts(self) -> list[str]:
        return [text.strip() for text in self.bubbles.all_inner_texts()]

    def say(self, text: str) -> None:
        """Put it in at once, as a paste does, and press Enter."""
        self.composer.focus()
        self.composer.page.keyboard.insert_text(text)
        self.composer.press("Enter")

    def hears(self, text: str, *, seconds: float = SLOW_MS / 1000) -> None:
        expect(self.bubbles.filter(has_text=text[:60]).last).to_be_visible(timeout=seconds * 1000)

    def hears_all(self, count: int) -> None:
        expect(self.bubbles).to_have_count(count, timeout=SLOW_MS)


class Customer:
    """Somebody in the shop."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.widget: FrameLocator = page.frame_locator('iframe[title="Chat"]')

    @property
    def bubble(self) -> Locator:
        return self.page.get_by_role("button", name=re.compile("chat", re.IGNORECASE)).last

    def open_widget(self) -> None:
        self.bubble.click()
        expect(self.widget.get_by_role("main")).to_be_visible(timeout=SLOW_MS)

    def reload(self) -> None:
        """The widget was open, so it opens again by itself."""
        self.page.reload()
        expect(self.widget.get_by_role("main")).to_be_visible(timeout=SLOW_MS)

    def choose(self, department: str) -> None:
        self.widget.locator("label.dep", has_text=department).click()

    def ask(self, question: str) -> None:
        """Write a question and agree to the price by starting."""
        self.widget.get_by_label("Your question").fill(question)
        self.start_button.click()

    @property
    def start_button(self) -> Locator:
        return self.widget.get_by_role("button", name="Start chat")

    @property
    def talk(self) -> Talk:
        return Talk(
            self.widget.get_by_role("log"), self.widget.get_by_role("textbox").last, self.widget.get_by_role("timer")
        )

    def choose_in_menu(self, item: str) -> None:
        self.widget.get_by_role("button", name="More").click()
        self.widget.get_by_role("menuitem", name=item).click()

    def sees(self, text: str | re.Pattern[str], *, seconds: float = SLOW_MS / 1000) -> None:
        expect(self.widget.get_by_text(text).first).to_be_visible(timeout=seconds * 1000)


class Agent:
    """Somebody of staff at the console."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def go_online(self) -> None:
        """Whatever the status was."""
        me = self.page.locator("button.me")
        expect(me).to_be_visible(timeout=SLOW_MS)
        if "Online" not in me.inner_text():
            self.set_status("Online")

    def set_status(self, status: str) -> None:
        me = self.page.locator("button.me")
        me.click()
        self.page.get_by_role("radio", name=re.compile(f"^{status}")).click()
        expect(me).to_contain_text(status, timeout=SLOW_MS)

    def accept(self, name: str) -> None:
        self.page.get_by_role("button", name=f"Accept {name}").click(timeout=SLOW_MS)
        expect(self.page.get_by_role("tab", name=name, selected=True)).to_be_visible(timeout=SLOW_MS)
        expect(self.talk.composer).to_be_visible(timeout=SLOW_MS)

    def reload(self, name: str) -> None:
        self.page.reload()
        self.page.locator("button.open").filter(has=self.page.locator("xpath=.")).first.wait_for(timeout=SLOW_MS)
        self.open(name)

    def open(self, name: str) -> None:
        self.page.get_by_role("tab", name=name).first.click()
        expect(self.talk.log).to_be_visible(timeout=SLOW_MS)

    @property
    def talk(self) -> Talk:
        return Talk(self.page.get_by_role("log"), self.page.locator("#composer"), self.page.get_by_role("timer"))

    def sees(self, text: str | re.Pattern[str], *, seconds: float = SLOW_MS / 1000) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=seconds * 1000)


def sign_in(page: Page, account: dict[str, Any], *, then: str = "/console/") -> None:
    """Password first, then the code of the authenticator app (P7)."""
    page.goto(f"/login/?next={then}")
    page.locator('[name="login"]').fill(account["login"])
    page.locator('[name="password"]').fill(account["password"])
    page.locator('[name="password"]').press("Enter")
    page.locator('[name="code"]').fill(code_of(account["totp_secret"]))
    page.locator('[name="code"]').press("Enter")
    page.wait_for_url(f"**{then}", timeout=SLOW_MS)


def code_of(secret: str) -> str:
    """What the authenticator app shows now."""
    key = b32decode(secret + "=" * (-len(secret) % 8))
    return f"{totp(key):06d}"
