"""Using a page with the keyboard alone: Tab, Enter, Space, arrows and letters."""

from playwright.sync_api import Locator, Page

MOST_TABS = 120


def focused(page: Page) -> Locator:
    """Return what has the focus."""
    return page.locator(":focus")


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until ``target`` has the focus."""
    goal = target.element_handle()
    assert goal is not None
    for _ in range(MOST_TABS):
        if goal.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{MOST_TABS} times Tab did not reach {target}")


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    """Go to a link or button and press it."""
    tab_to(page, target)
    page.keyboard.press(key)


def write(page: Page, name: str, text: str) -> None:
    """Go to a field and type."""
    tab_to(page, page.locator(f"[name={name}]"))
    page.keyboard.type(text)


def choose(page: Page, name: str, value: str) -> None:
    """Go to a group of radio buttons and choose one with the arrow keys."""
    group = page.locator(f"input[type=radio][name={name}]")
    tab_to(page, group.first)
    page.keyboard.press("Space")
    for _ in range(group.count()):
        if group.locator(f"xpath=self::*[@value='{value}']").is_checked():
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{name} cannot be set to {value} by arrow keys")


def tick(page: Page, name: str, value: str) -> None:
    """Go to a checkbox and tick it."""
    press(page, page.locator(f"input[type=checkbox][name={name}][value={value}]"), "Space")


class TwoActions:
    """Someone with a switch that knows Tab and Enter, who can have text typed; counts what is pressed."""

    def __init__(self, page: Page) -> None:
        """Begin where the focus is."""
        self.page = page
        self.tabs = self.enters = 0

    def go_to(self, target: Locator) -> None:
        """Press Tab until ``target`` has the focus."""
        goal = target.element_handle()
        assert goal is not None
        while not goal.evaluate("element => element === document.activeElement"):
            assert self.tabs < 2 * MOST_TABS, f"Tab did not reach {target}"
            self.page.keyboard.press("Tab")
            self.tabs += 1

    def enter(self, target: Locator) -> None:
        """Go to something and press Enter."""
        self.go_to(target)
        self.page.keyboard.press("Enter")
        self.enters += 1

    def write(self, name: str, text: str) -> None:
        """Go to a field and have a text typed."""
        self.go_to(self.page.locator(f"[name={name}]"))
        self.page.keyboard.type(text)

    def choose(self, name: str, value: str) -> None:
        """Go to a group of radio buttons and press Enter until one is chosen."""
        group = self.page.locator(f"input[type=radio][name={name}]")
        wanted = group.locator(f"xpath=self::*[@value='{value}']")
        self.enter(group.first)
        for _ in range(group.count()):
            if wanted.is_checked():
                return
            self.page.keyboard.press("Enter")
            self.enters += 1
        raise AssertionError(f"{name} cannot be set to {value} by Enter")

    def tick(self, name: str, value: str) -> None:
        """Go to a checkbox and tick it."""
        self.enter(self.page.locator(f"input[type=checkbox][name={name}][value={value}]"))
