"""Every state of the pages that a visitor fills in, one after another in one window."""

from collections.abc import Iterator, Mapping, Sequence

from playwright.sync_api import Page, expect

from app.core import clock
from tests.browser.visitor import Visitor
from tests.support import cast

SLIP = "canary.one@gmial.com"
URGENT = "I want to die. I have a fever, and a pounding headache with sweating."
CHILD = str(clock.now().year - 10)
"""The year in which a child of ten was born."""
NEEDED = {
    "filling_in": "self",
    "patient_name": cast.PATIENT_NAME,
    "country": "Spain",
    "email": cast.PATIENT_EMAIL,
    "injury_region": "thoracic",
    "consent_processing": "y",
    "understands_limits": "y",
}
"""The shortest way: what has to be answered."""
NEEDED_IN_STEPS: dict[str, dict[str, str]] = {
    "who": {"filling_in": "self"},
    "person": {"patient_name": cast.PATIENT_NAME, "country": "Spain"},
    "reach": {"email": cast.PATIENT_EMAIL},
    "injury": {"injury_region": "thoracic"},
    "time": {},
    "hopes": {},
    "agreement": {"consent_processing": "y", "understands_limits": "y"},
}
"""The same in steps."""
Stage = tuple[Mapping[str, str], str, Mapping[str, str], str]
"""Wrong answers and what is said of them, right answers and what the next page is seen by."""
PROBLEM = "There is a problem"
TO_REACH: tuple[Stage, ...] = (
    ({}, "Choose who is filling this in.", {"filling_in": "relative"}, "Your own name"),
    ({}, "", {}, "Name of the injured person"),
    ({}, PROBLEM, NEEDED_IN_STEPS["person"] | {"birth_year": CHILD}, "How should we reach you?"),
)
TO_CHECK: tuple[Stage, ...] = (
    ({}, PROBLEM, NEEDED_IN_STEPS["injury"], "When did it happen?"),
    (
        {"injury_month": "4"},
        "Write the year of the injury",
        {"injury_year": CHILD},
        "What would you most like",
    ),
    ({}, "", {}, "What happens to your answers"),
    ({}, PROBLEM, NEEDED_IN_STEPS["agreement"], "Nothing is sent yet"),
)
NEEDED_FOR_CALL = {
    "patient_name": cast.PATIENT_NAME,
    "country": "Spain",
    "phone": cast.PATIENT_PHONE,
    "consent_processing": "y",
}


def all_states(page: Page) -> Iterator[str]:
    """Bring the pages into each state and return what it is seen by."""
    for states in (whole_form, steps, saving, calling):
        page.context.clear_cookies()
        for words in states(page):
            expect(page.locator("main")).to_contain_text(words)
            yield f"{states.__name__}: {words}"


def whole_form(page: Page) -> Iterator[str]:
    visitor = Visitor(page)
    page.goto("/")
    yield "Send an inquiry"
    page.goto("/inquiries")
    visitor.choose("filling_in", "relative")
    yield "If you write for someone else"
    visitor.go_on()
    yield PROBLEM
    visitor.answer({**NEEDED, "email": SLIP, "message": URGENT})
    visitor.go_on()
    yield "Did you mean"
    page.locator("[name=email_meant]").click()
    yield "If you think about ending your life"
    page.goto("/inquiries")
    visitor.answer({**NEEDED, "injury_level": "T4"})
    visitor.go_on()
    yield "Which answers count?"
    visitor.press("Use these answers instead")
    yield "Know the signs of autonomic dysreflexia"
    page.context.clear_cookies()
    page.goto("/inquiries/sent")
    yield "We cannot show your reference here"


def steps(page: Page) -> Iterator[str]:
    visitor = Visitor(page)
    page.goto("/inquiries/steps/who")
    yield "Who is filling this in?"
    yield from through(visitor, TO_REACH)
    visitor.go_on()
    yield PROBLEM
    visitor.answer({"email": SLIP})
    visitor.go_on()
    yield "Did you mean"
    visitor.press_on(page.locator("[name=email_meant]"))
    yield "Where is the injury?"
    yield from through(visitor, TO_CHECK)
    visitor.press_on(page.locator("[value=change-who]"))
    visitor.answer({"filling_in": "self"})
    visitor.go_on()
    yield "A parent or another adult"


def saving(page: Page) -> Iterator[str]:
    visitor = Visitor(page)
    page.goto("/inquiries/steps/who")
    visitor.press("Save and finish later")
    yield "Your answers are saved"
    code = page.locator(".saved__code").inner_text()
    visitor.go_on()
    yield PROBLEM
    # A link is mailed to one address a few times only, whoever asks for it.
    visitor.answer({"email": f"{code[:9].lower()}@mail.example.com"})
    visitor.go_on()
    yield "The link is on its way"
    page.context.clear_cookies()
    page.goto("/inquiries/continue")
    yield "type the code that you wrote down"
    visitor.press("Open my answers")
    yield "Write the code."
    page.goto("/inquiries/continue")
    visitor.answer({"code": "WRONG-CODE"})
    visitor.press("Open my answers")
    yield "We have nothing under this code"
    page.goto(f"/inquiries/continue/{code}")
    yield "Do it on a device that is yours."
    visitor.press("Open my answers")
    visitor.is_at("steps/who")
    page.goto("/inquiries/saved")
    page.locator("summary").click()
    visitor.press("Yes, delete it")
    yield "What you saved is deleted"


def calling(page: Page) -> Iterator[str]:
    visitor = Visitor(page)
    page.goto("/inquiries/call")
    yield "A coordinator calls you and asks the rest."
    visitor.go_on()
    yield PROBLEM
    visitor.answer(NEEDED_FOR_CALL)
    visitor.go_on()
    yield "A coordinator calls you within"


def through(visitor: Visitor, way: Sequence[Stage]) -> Iterator[str]:
    """Go on from one step to the next by wrong answers, where there are any, and then by right ones."""
    for wrong, what_to_do, right, words in way:
        if what_to_do:
            visitor.answer(wrong)
            visitor.go_on()
            yield what_to_do
        visitor.answer(right)
        visitor.go_on()
        yield words
