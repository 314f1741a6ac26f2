"""An inquiry's life: its statuses and the moves between them."""

ALLOWED_MOVES: dict[str, frozenset[str]] = {
    "new": frozenset({"in_contact", "closed", "withdrawn"}),
    "in_contact": frozenset({"waiting_for_patient", "medical_review", "closed", "withdrawn"}),
    "waiting_for_patient": frozenset({"in_contact", "closed", "withdrawn"}),
    "medical_review": frozenset({"in_contact", "offered", "declined", "closed", "withdrawn"}),
    "offered": frozenset({"closed", "withdrawn"}),
    "declined": frozenset({"closed", "withdrawn"}),
    "closed": frozenset({"in_contact", "withdrawn"}),
    "withdrawn": frozenset(),
}


OPEN = frozenset({"new", "in_contact", "waiting_for_patient", "medical_review"})
"""Statuses in which somebody still waits for something."""


REASONS: dict[str, tuple[str, ...]] = {
    "declined": ("not_suitable", "outside_criteria", "other"),
    "closed": (
        "answered",
        "treated",
        "person_decided",
        "not_reached",
        "outside_criteria",
        "duplicate",
        "not_genuine",
        "other",
    ),
}
"""Moves that need a reason, and the keys of ``vocabulary.REASON`` that each takes."""
NEEDS_WORDS = "other"
"""A reason that tells nothing without words beside it."""
BY_THE_PERSON = "withdrawn"
"""Where only the person who asked moves an inquiry."""


class MoveNotAllowedError(Exception):
    """An inquiry cannot go from where it is to where it was told to go."""


class ReasonNeededError(Exception):
    """A move was told without the reason that it needs, or with one of another move."""


def check_move(current: str, target: str) -> None:
    """Raise MoveNotAllowedError unless an inquiry may go from ``current`` to ``target``."""
    if target not in ALLOWED_MOVES[current]:
        raise MoveNotAllowedError(f"{current} to {target}")


def check_reason(target: str, reason: str, words: str) -> None:
    """Raise ReasonNeededError unless a move to ``target`` may be told with this reason, empty for none."""
    if reason not in REASONS.get(target, ("",)) or (reason == NEEDS_WORDS and not words):
        raise ReasonNeededError(target)


def moves_by_staff(current: str) -> list[str]:
    """Return where staff may move an inquiry to, in the order of ``ALLOWED_MOVES``' statuses."""
    return [target for target in ALLOWED_MOVES if target in ALLOWED_MOVES[current] - {BY_THE_PERSON}]
