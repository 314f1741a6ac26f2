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


class MoveNotAllowedError(Exception):
    """An inquiry cannot go from where it is to where it was told to go."""


def check_move(current: str, target: str) -> None:
    """Raise MoveNotAllowedError unless an inquiry may go from ``current`` to ``target``."""
    if target not in ALLOWED_MOVES[current]:
        raise MoveNotAllowedError(f"{current} to {target}")
