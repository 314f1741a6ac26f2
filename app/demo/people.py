"""The answers of people who do not exist, in the proportions that a clinic might see."""

from datetime import datetime
from random import Random

from app.core.terms import LEVELS_OF_REGION
from app.demo import names, words
from app.inquiries.answers import Answers
from app.inquiries.vocabulary import HOPES

REGIONS = {"cervical": 48, "thoracic": 33, "lumbar": 11, "sacral": 2, "unknown": 6}
COMPLETENESS = {"complete": 34, "incomplete": 44, "unknown": 12, "": 10}
FILLING_IN = {"self": 55, "relative": 38, "professional": 7}
AUTHORITY = {"asked": 55, "representative": 15, "other": 5, "": 25}
AWARE = {"yes": 82, "no": 4, "cannot_be_asked": 3, "": 11}
OLDEST, YOUNGEST_ALONE, CHILD = 82, 19, 17


def pick(rng: Random, weights: dict[str, int]) -> str:
    """Return one of the keys, the heavier ones more often; the weights make a hundred."""
    left = rng.random() * 100
    for key, weight in weights.items():
        left -= weight
        if left < 0:
            return key
    return next(iter(weights))


def who_wants_a_call(rng: Random) -> Answers:
    """Return the few answers of somebody who would rather be called."""
    country = names.some_country(rng)
    return Answers(
        patient_name=names.some_name(rng, names.language_of(country)),
        country=country,
        phone=names.some_phone(rng, country),
        contact_by="phone",
        best_time=rng.choice(words.BEST_TIMES),
    )


def who_fills_in_the_form(rng: Random, number: str, sent_at: datetime) -> Answers:
    """Return the answers of somebody who filled in the whole form at that moment.

    ``number`` stands in the e-mail address.
    """
    country = names.some_country(rng)
    language = names.language_of(country)
    age = min(OLDEST, max(4, round(rng.gauss(40, 15))))
    filling_in = pick(rng, FILLING_IN)
    if filling_in == "self":
        age = max(age, YOUNGEST_ALONE)
    birth_year = sent_at.year - age
    has_email = rng.random() < 0.9
    phone = names.some_phone(rng, country) if rng.random() < 0.7 or not has_email else ""
    region = pick(rng, REGIONS)
    has_level = region != "unknown" and rng.random() < 0.75
    injury_year, injury_month = some_time_of_injury(rng, sent_at, birth_year)
    return Answers(
        filling_in=filling_in,
        **(helpers_answers(rng, language, age) if filling_in != "self" else {}),
        patient_name=names.some_name(rng, language),
        birth_year=birth_year if rng.random() < 0.85 else None,
        country=country,
        language=language if rng.random() < 0.7 else "",
        email=names.some_email(rng, number) if has_email else "",
        phone=phone,
        contact_by=some_way(rng, has_email, bool(phone)),
        injury_region=region,
        injury_level=rng.choice(LEVELS_OF_REGION[region]) if has_level else "",
        completeness=pick(rng, COMPLETENESS),
        injury_year=injury_year,
        injury_month=injury_month,
        hopes=tuple(hope for hope in HOPES if rng.random() < 0.3),
        message=words.some_message(rng, language),
    )


def helpers_answers(rng: Random, language: str, age: int) -> dict[str, str]:
    """Return what somebody answers who writes for the injured person."""
    return {
        "helper_name": names.some_name(rng, language) if rng.random() < 0.7 else "",
        "helper_relationship": rng.choice(words.RELATIONSHIPS) if rng.random() < 0.6 else "",
        "helper_authority": "parent" if age <= CHILD else pick(rng, AUTHORITY),
        "patient_aware": pick(rng, AWARE),
    }


def some_way(rng: Random, has_email: bool, has_phone: bool) -> str:
    """Return how somebody wants to be reached, out of the ways that there are."""
    ways = ["", *(["email"] if has_email else []), *(["phone", "whatsapp"] if has_phone else [])]
    return rng.choice(ways)


def some_time_of_injury(rng: Random, sent_at: datetime, birth_year: int) -> tuple[int | None, int | None]:
    """Return the year and the month of an injury, mostly of the last years; neither if it was not told."""
    if rng.random() < 0.08:
        return None, None
    year = max(birth_year, sent_at.year - min(int(rng.expovariate(1 / 6)), 60))
    latest = sent_at.month if year == sent_at.year else 12
    return year, rng.randint(1, latest) if rng.random() < 0.6 else None
