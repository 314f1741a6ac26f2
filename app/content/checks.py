"""What stands in the way of publishing a version: asked before publishing, and shown to editors."""

from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.content.markdown import split
from app.content.models import PublicationPermission
from app.content.shapes import Body, Case, Recent, Story, Study, Treatment
from app.content.vocabulary import COVERS, OF_A_PERSON

BALANCE = "balance"
HALVES = 2


def hindrances(kind: str, body: Body, permission: PublicationPermission | None, today: date) -> list[str]:
    """Return what has to be done before this may be published, in words; nothing if it may be."""
    found = {
        Treatment: _of_treatment,
        Study: _of_study,
        Case: _of_case,
        Story: _of_story,
        Recent: _of_recent,
    }[type(body)](body)
    if kind in OF_A_PERSON:
        found += _of_permission(body, permission, today)
    return found


def _of_treatment(body: Any) -> list[str]:
    found = []
    for section in body.sections:
        lead, parts = split(section.body)
        has_halves = not lead and len(parts) == HALVES and all(text for _words, text in parts)
        if section.layout == BALANCE and not has_halves:
            found.append(
                _(
                    "“%(heading)s” has to have two halves, each with a “###” heading and text: the reported "
                    "gains, and beside them what they may not be.",
                    heading=section.heading,
                )
            )
        if section.layout == "protocols" and len(parts) < HALVES:
            found.append(
                _("“%(heading)s” has to have two “###” headings, one for each card.", heading=section.heading)
            )
    if not any(section.layout == BALANCE for section in body.sections):
        found.append(_("The page has to have the section that puts the caveat beside the gains."))
    return found + _missing((body.title, _("Write the title.")))


def _of_study(body: Any) -> list[str]:
    return _missing((body.title, _("Write the title.")), (body.source, _("Write who published it.")))


def _of_case(body: Any) -> list[str]:
    return _missing(
        (body.title, _("Write the title.")),
        (body.injury_region, _("Choose the region of the injury.")),
        (body.treatment, _("Write what treatment was given.")),
        (body.source, _("Write who reports it.")),
        (not body.outcome or body.measured, _("Write who measured the outcome, and when.")),
    ) + _of_picture(body)


def _of_story(body: Any) -> list[str]:
    return _missing(
        (body.title, _("Write the title.")),
        (body.origin, _("Say whether the patient wrote it or it was edited from interviews.")),
        (body.before and body.protocols and body.after, _("Write all three parts of the journey.")),
        (
            not body.recording or body.captions or body.transcript,
            _("Add captions or a transcript to the recording, for people who cannot hear it."),
        ),
    ) + _of_picture(body)


def _of_recent(body: Any) -> list[str]:
    return _missing((body.injury, _("Write level and completeness of the injury.")))


def _of_picture(body: Any) -> list[str]:
    return _missing(
        (not body.picture.files or body.picture.alt, _("Describe the picture for people who do not see it."))
    )


def _of_permission(body: Body, permission: PublicationPermission | None, today: date) -> list[str]:
    if permission is None:
        return [_("Record the person’s permission to publish.")]
    if not permission.holds_on(today):
        return [_("The permission has ended. Record a new one.")]
    return [
        _("The permission does not cover: %(what)s.", what=COVERS[key])
        for key in needed_cover(body)
        if key not in permission.terms["covers"]
    ]


def needed_cover(body: Body) -> list[str]:
    """Return the keys of ``vocabulary.COVERS`` that a permission to publish this has to have."""
    picture, interview = getattr(body, "picture", None), getattr(body, "interview_url", "")
    needed = {
        "text": True,
        "picture": bool(picture and picture.files),
        "recording": bool(interview or getattr(body, "recording", "")),
    }
    return [key for key, wanted in needed.items() if wanted]


def _missing(*wanted: tuple[Any, str]) -> list[str]:
    """Return the words of each thing that is empty."""
    return [words for thing, words in wanted if not thing]
