"""Everything that is pressed or filled in can be met, at every width."""

import pytest

from tests.browser.conftest import OpenPage
from tests.browser.layout import covered, no_sideways_scroll, small_targets, unfold
from tests.browser.states import all_states
from tests.support.live import LiveSite

LEAST = 44
WIDTHS = (320, 390, 1280)


@pytest.mark.parametrize("width", WIDTHS)
def test_every_target_in_every_state_is_large_enough_and_nothing_lies_over_it(
    shared_site: LiveSite, open_page: OpenPage, width: int
) -> None:
    page = open_page(shared_site, viewport={"width": width, "height": 800})
    found: dict[str, str] = {}
    for state in all_states(page):
        unfold(page)
        no_sideways_scroll(page)
        found |= dict.fromkeys(small_targets(page, LEAST), state)
        found |= {f"covered: {control}": state for control in covered(page)}

    assert found == {}
