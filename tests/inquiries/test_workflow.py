import pytest

from app.inquiries.vocabulary import STATUS
from app.inquiries.workflow import ALLOWED_MOVES, MoveNotAllowedError, check_move

LIFE = {
    "new": "in_contact closed withdrawn",
    "in_contact": "waiting_for_patient medical_review closed withdrawn",
    "waiting_for_patient": "in_contact closed withdrawn",
    "medical_review": "in_contact offered declined closed withdrawn",
    "offered": "closed withdrawn",
    "declined": "closed withdrawn",
    "closed": "in_contact withdrawn",
    "withdrawn": "",
}


@pytest.mark.parametrize("current", LIFE)
def test_an_inquiry_goes_where_its_life_leads_and_nowhere_else(current: str) -> None:
    for target in STATUS:
        if target in LIFE[current].split():
            check_move(current, target)
        else:
            with pytest.raises(MoveNotAllowedError, match=f"{current} to {target}"):
                check_move(current, target)


def test_every_status_has_its_moves() -> None:
    assert set(ALLOWED_MOVES) == set(STATUS)


def test_the_patient_can_withdraw_from_anywhere() -> None:
    assert all("withdrawn" in ALLOWED_MOVES[status] for status in STATUS if status != "withdrawn")


@pytest.mark.parametrize("target", ["", "NEW", "nowhere"])
def test_a_status_that_is_none_cannot_be_moved_to(target: str) -> None:
    with pytest.raises(MoveNotAllowedError):
        check_move("new", target)
