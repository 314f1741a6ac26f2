"""The words of the content's own keys."""

from flask_babel import lazy_gettext as _l

from app.core.terms import Choices

KINDS: Choices = {
    "treatment": _l("Treatment page"),
    "study": _l("Studies"),
    "case": _l("Case studies"),
    "story": _l("Patient experiences"),
    "recent": _l("Recent patients"),
}
NEW_OF_KIND: Choices = {
    "study": _l("Add a study"),
    "case": _l("Add a case study"),
    "story": _l("Add an experience"),
    "recent": _l("Add a recent patient"),
}
ONE_OF_KIND: Choices = {
    "treatment": _l("Treatment page"),
    "study": _l("Study"),
    "case": _l("Case study"),
    "story": _l("Patient experience"),
    "recent": _l("Recent patient"),
}
OF_A_PERSON = frozenset({"case", "story", "recent"})
"""Kinds that tell of one person: published only while a permission is in force."""

LAYOUTS: Choices = {
    "text": _l("Text"),
    "balance": _l("Two halves, side by side (each “###” heading starts one)"),
    "protocols": _l("Two cards (the first two “###” headings start them; more text may stand around them)"),
    "notice": _l("Notice in a frame"),
    "studies": _l("Text, then the studies"),
    "cases": _l("Text, then the case studies"),
    "stories": _l("Text, then the patient experiences"),
    "recent": _l("Text, then the recent patients"),
}
MEASURES: Choices = {
    "asia_motor": _l("ASIA motor score"),
    "light_touch": _l("ASIA light touch score"),
    "pin_prick": _l("ASIA pin prick score"),
    "ashworth": _l("Ashworth scale"),
    "bladder": _l("Bladder"),
    "bowel": _l("Bowel"),
}
ORIGINS: Choices = {
    "patient": _l("Written by the patient"),
    "interview": _l("Edited together from recorded interviews"),
}
BASES: Choices = {
    "signed": _l("A signed form"),
    "message": _l("A written message"),
    "recorded": _l("Spoken, and recorded"),
    "clinic_page": _l("Published by the clinic’s own page"),
}
COVERS: Choices = {
    "text": _l("The text, with health details"),
    "picture": _l("Pictures"),
    "recording": _l("Video, sound or an interview"),
    "name": _l("The name as shown"),
}
FIELDS: Choices = {
    "title": _l("Title"),
    "lead": _l("Introduction"),
    "description": _l("Description for search engines"),
    "sections": _l("Sections"),
    "heading": _l("Heading"),
    "layout": _l("Layout"),
    "anchor": _l("Address on the page"),
    "body": _l("Text"),
    "source": _l("Who says so"),
    "source_url": _l("Where it can be read"),
    "checked": _l("Recorded or last checked on"),
    "nature": _l("What kind of evidence it is"),
    "year": _l("Year"),
    "patients": _l("Patients"),
    "measured": _l("What was measured"),
    "language": _l("Language of the paper"),
    "file": _l("PDF"),
    "pages": _l("Pages"),
    "size": _l("Size in bytes"),
    "picture": _l("Picture"),
    "alt": _l("in words"),
    "summary": _l("Summary"),
    "age": _l("Age at treatment"),
    "country": _l("Country"),
    "region": _l("Region of the injury"),
    "level": _l("Neurological level"),
    "completeness": _l("Completeness"),
    "injury_year": _l("Year of the injury"),
    "injury_month": _l("Month of the injury"),
    "treatment": _l("Treatment given"),
    "notes": _l("What else was seen"),
    "origin": _l("Who wrote it"),
    "before": _l("Before treatment"),
    "protocols": _l("Protocols received"),
    "after": _l("After treatment"),
    "interview_url": _l("Link to the interview"),
    "recording": _l("Recording"),
    "recording_type": _l("Kind of recording"),
    "captions": _l("Captions"),
    "transcript": _l("Transcript"),
    "injury": _l("Level and completeness, as published"),
    "story": _l("Story it leads to"),
}
"""The fields of the shapes, as a comparison of two versions names them."""
