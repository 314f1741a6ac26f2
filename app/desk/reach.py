"""Who wrote an inquiry, and who may be told what of it."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

SPEAKS_FOR = frozenset({"asked", "parent", "representative"})
"""Grounds on which a helper may be told what concerns the inquiry."""


def reach(given: Mapping[str, Any]) -> str:
    """Return whom staff may answer, and what they may tell, in one or two sentences.

    ``given`` holds answers by their names in ``Answers``. The most careful reading of them is taken: health
    is told to nobody without the word of the person it is of.
    """
    if not given.get("filling_in"):
        return _("Nobody has told yet who asked to be called. Ask first, and tell nothing before.")
    if given["filling_in"] == "self":
        return _("The injured person wrote. Answer this person alone.")
    if given.get("patient_aware") == "no":
        return _(
            "The injured person does not know of this inquiry. Answer the helper about the treatment in "
            "general, and do not contact the injured person."
        )
    if given.get("helper_authority") in SPEAKS_FOR:
        return _("A helper wrote, who may be told what concerns this inquiry.")
    return _(
        "A helper wrote who has not told on what ground. Answer in general, and ask before you speak of this "
        "person’s health."
    )
