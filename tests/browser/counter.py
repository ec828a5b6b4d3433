"""A customer in the shop and an agent at the console, before or in a chat."""

from dataclasses import dataclass

from playwright.sync_api import expect

from tests.browser.money import Purse
from tests.browser.windows import SLOW_MS, Agent, Customer

FIRST_ANSWER = "Good morning, let me have a look."


@dataclass
class Counter:
    """The two of them, and what the customer has."""

    customer: Customer
    agent: Agent
    purse: Purse
    name: str

    def ask(self, question: str) -> None:
        """The customer opens the widget and starts; the agent is there."""
        self.agent.go_online()
        self.customer.open_widget()
        self.customer.choose(self.purse.department_name)
        expect(self.customer.start_button).to_be_enabled(timeout=SLOW_MS)
        self.customer.ask(question)

    def begin(self, question: str) -> None:
        """Until the agent has answered for the first time and the meter goes."""
        self.ask(question)
        self.agent.accept(self.name)
        self.agent.talk.say(FIRST_ANSWER)
        self.customer.talk.hears(FIRST_ANSWER)
