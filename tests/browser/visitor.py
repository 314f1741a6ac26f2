"""A visitor who fills in, chooses and presses; each of these counts as one activation."""

import re
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser import keyboard

MAIN_BUTTON = "#inquiry-form > .actions:not(.actions--answer) button:not([name])"
"""What sends a page's form or goes on to the next step, in whatever language."""


class Visitor:
    """Someone with a pointer or a finger."""

    def __init__(self, page: Page) -> None:
        """Begin on a page."""
        self.page = page
        self.activations = 0

    def answer(self, answers: Mapping[str, str]) -> None:
        """Give answers, each in the way that its question asks for it."""
        for name, given in answers.items():
            kind = self.page.locator(f"[name={name}]").first.get_attribute("type")
            act = {"radio": self.choose, "checkbox": self.tick}.get(str(kind), self.write)
            act(name, given)
            self.activations += 1

    def press(self, words: str, role: Any = "button") -> None:
        """Press a button, or follow a link, by its words."""
        self.press_on(self.page.get_by_role(role, name=words, exact=True).first)

    def go_on(self) -> None:
        """Send the page's form, or go on to the next step."""
        self.press_on(self.page.locator(MAIN_BUTTON))

    def press_on(self, target: Locator) -> None:
        """Press something."""
        self.push(target)
        self.activations += 1

    def go_through_steps(self, steps: Mapping[str, Mapping[str, str]]) -> None:
        """Answer one step after another, up to where all is checked."""
        for step, answers in steps.items():
            self.is_at(f"steps/{step}")
            self.answer(answers)
            self.go_on()
        self.is_at("check")

    def is_at(self, place: str) -> None:
        """Wait until a page has come."""
        expect(self.page).to_have_url(re.compile(rf"/inquiries/{place}(\?.*)?$"))
        expect(self.page.locator("footer")).to_be_attached()

    def write(self, name: str, text: str) -> None:
        self.page.fill(f"[name={name}]", text)

    def choose(self, name: str, value: str) -> None:
        self.page.check(f"[name={name}][value={value}]")

    def tick(self, name: str, value: str) -> None:
        self.page.check(f"[name={name}][value={value}]")

    def push(self, target: Locator) -> None:
        target.click()


class AtKeyboard(Visitor):
    """Someone with nothing but a keyboard: Tab, arrows, Space and Enter."""

    def write(self, name: str, text: str) -> None:
        keyboard.write(self.page, name, text)

    def choose(self, name: str, value: str) -> None:
        keyboard.choose(self.page, name, value)

    def tick(self, name: str, value: str) -> None:
        keyboard.tick(self.page, name, value)

    def push(self, target: Locator) -> None:
        keyboard.press(self.page, target)
