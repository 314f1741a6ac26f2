"""Every fact that the site has to tell stands on the start page, in its section, beside its source."""

from xml.etree.ElementTree import Element

import pytest
from flask.testing import FlaskClient

from tests.support.engines import ON_SQLITE
from tests.support.pages import Page, page_of, text_of

pytestmark = ON_SQLITE

HOSPITALS = "Source: the partner hospitals’ own page."
NO_TRIAL = "Not a controlled trial."
RECORDED = "Recorded here on 23 November 2026."
ONE_PERSON = "A patient’s account shows what happened to one person. It cannot show what will happen to you."
FACTS = {
    "treated": [
        *("more than 1,850", "since 2005", "second most treated", "after muscular dystrophy"),
        *("complete and incomplete injuries", "at many levels of the spine", HOSPITALS, NO_TRIAL),
    ],
    "change": [
        *("movement", "strength", "sensation", "wider and stronger", "even in very severe injuries"),
        *("control of limbs, bowel and bladder", "ability to sweat"),
        *("little or no improvement", "any form of stem cell therapy"),
        *("patients and caregivers", "realistic expectations", HOSPITALS, NO_TRIAL),
    ],
    "given": [
        *("how severe the injury is", "intravenous or IV", "lumbar puncture or LP", "two usual ones"),
        *("CT-guided intraspinal cord injection", "very old injuries", "complete or severe incomplete"),
        *("in addition to IV and LP", "closer to the injury", "currently recommend", HOSPITALS),
    ],
    "protocols": [
        *(
            "packets of umbilical cord mesenchymal stem cells (UC-MSC) by IV and LP",
            "Protocol 1",
            "Protocol 2",
        ),
        *("One CT-guided intraspinal cord injection is added to IV and LP", "The doctors choose"),
        *("medical review", "A protocol is an example", "types of injection and of cells may change"),
        *("may change with the patient’s condition", HOSPITALS),
    ],
    "emergency": [
        *(
            "Autonomic dysreflexia",
            "T6 and above",
            "down to T10",
            "pounding headache",
            "flushing",
            "sweating",
        ),
        *("blurred vision", "20 to 40 mmHg above the person’s usual", "Sit up", "Loosen clothing"),
        *("Check bladder and bowel", "If it does not pass, call the local emergency number"),
        *("do not know the level", "not watched around the clock"),
        "Source: Consortium for Spinal Cord Medicine, guideline on autonomic dysreflexia.",
    ],
    "evidence": [
        *("partner hospitals’ own", "do not come from a controlled trial", "2008", "500 past SCI patients"),
        *("internationally recognised standards", "ASIA", "Ashworth scale", "PDF", "in your browser"),
        *("Awaiting the file", "save it", "size and number of pages", HOSPITALS, NO_TRIAL),
    ],
    "cases": [
        *(
            "One patient each",
            "the treatment in detail, and its results",
            "Choose a picture to open the case",
        ),
        *("New ones are added as they become available", ONE_PERSON, "Awaiting the first case", HOSPITALS),
    ],
    "experiences": [
        *("condition before treatment", "the protocols received", "what was seen after"),
        *("whether the patient wrote it", "edited together from recorded interviews", ONE_PERSON, HOSPITALS),
        "Awaiting the first story",
    ],
    "recent": [
        *("interviews and experience pages", "The list changes as new ones come", "Claire Marsh, Australia"),
        *("SCI L-1 incomplete, 23 years old", "Published by the clinic’s own page.", "Awaiting the page"),
        *(ONE_PERSON, HOSPITALS),
    ],
    "before": [
        *("not medical advice", "does not mean that you are accepted for treatment"),
        *("approved by a regulator? Where? If not, why not?", "Which cells are used, and where"),
        *("What was measured, and by whom?", "What harm has been seen?", "What does it cost?"),
        *("rule out later trials", "ordinary rehabilitation", "Who pays if there are complications?"),
        "Source: Reeve Foundation.",
    ],
    "warning-signs": [
        *("patients’ accounts", "same cells are offered for many conditions", "where the cells come from"),
        *("no written protocol", "no risk", "Source: International Society for Stem Cell Research (ISSCR)."),
    ],
    "reading": [
        "The ICCP guide “Experimental treatments for spinal cord injury: what you should know”",
        *(
            "ISSCR patient handbook on stem cell therapies",
            "ClinicalTrials.gov",
            "A listing there is no approval",
        ),
    ],
}


@pytest.fixture
def home(client: FlaskClient) -> Page:
    return page_of(client.get("/"))


def test_the_page_has_its_title_and_the_sections_in_their_order(home: Page) -> None:
    assert home.heading == "Stem cell therapy for spinal cord injury (SCI)"
    assert [section.get("id") for section in home.all("section")] == [*FACTS, "inquiry"]


@pytest.mark.parametrize("anchor", FACTS)
def test_every_fact_stands_in_its_section_with_its_date(home: Page, anchor: str) -> None:
    text = text_of(home.by_id(anchor))

    assert [fact for fact in [*FACTS[anchor], RECORDED] if fact not in text] == []


@pytest.mark.parametrize("anchor", FACTS)
def test_the_contents_list_leads_to_every_section(home: Page, anchor: str) -> None:
    for contents in home.with_class("contents"):
        links = [link for link in contents.iter("a") if link.get("href") == f"#{anchor}"]
        assert [text_of(link) for link in links] == [text_of(home.by_id(anchor).findall("h2")[0])]


def test_gains_and_caveat_are_two_halves_of_one_frame_in_the_same_type(home: Page) -> None:
    (frame,) = home.with_class("equals")
    gains, caveat = list(frame)

    assert "ability to sweat" in text_of(gains)
    assert "little or no improvement" in text_of(caveat)
    assert tags(gains)[:2] == ["div", "h3"]
    assert tags(caveat) == ["div", "h3", "p", "p"]
    assert frame in list(home.by_id("change").iter())


def test_nothing_is_told_of_a_patient_who_was_not_supplied(home: Page) -> None:
    for anchor in ("cases", "experiences"):
        section = home.by_id(anchor)
        assert [element for element in section.iter() if element.get("class") == "tile"] == []


def tags(element: Element) -> list[str]:
    return [str(one.tag) for one in element.iter()]
