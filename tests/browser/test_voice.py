"""What stands on a control is what it is called: someone who speaks can say it, and it means one thing."""

from collections import defaultdict

from tests.browser.conftest import OpenPage
from tests.browser.labels import Control, controls, plain
from tests.browser.layout import unfold
from tests.browser.states import all_states
from tests.support.live import LiveSite

SECTION_AND_PAGE = {"case studies"}
"""What a section of the information is called, and the page that it tells of."""


def misnamed(control: Control) -> bool:
    """Return whether the name does not begin with what stands there."""
    return not control.label or not plain(control.name).startswith(plain(control.label))


def ambiguous(found: list[Control]) -> list[str]:
    """Return labels that two controls of one role have, which do different things."""
    alike = defaultdict(set)
    for number, control in enumerate(found):
        alike[control.role, plain(control.label)].add(control.leads_to or f"control {number}")
    return [
        f"{role} “{label}”: {sorted(meant)}"
        for (role, label), meant in alike.items()
        if len(meant) > 1 and label not in SECTION_AND_PAGE
    ]


def test_every_control_in_every_state_is_called_what_stands_on_it_and_nothing_else_is(
    shared_site: LiveSite, open_page: OpenPage
) -> None:
    page = open_page(shared_site)
    wrong: dict[str, str] = {}
    for state in all_states(page):
        unfold(page)
        found = controls(page)
        assert found
        wrong |= {f"{one.role} “{one.label}” is “{one.name}”": state for one in found if misnamed(one)}
        wrong |= dict.fromkeys(ambiguous(found), state)

    assert wrong == {}
