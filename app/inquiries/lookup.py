"""How an inquiry is found by an e-mail address, a phone number, or words of a name and their beginnings.

None of these is kept in the clear: each is brought to one form, and of that a blind index is kept.
"""

import re

from app.core.names import plain_form
from app.inquiries.answers import Answers

MOST_WORDS = 20
"""So many words of a name are indexed, and looked for."""
SHORTEST_START = 3
"""Letters. Shorter beginnings would fit too many names to be of use."""
LONGEST_START = 12
"""Letters; of a longer word, so many of its first ones are looked for."""

Value = tuple[str, str]
"""One of ``models.LOOKUP_KINDS``, and the text in the form that is indexed."""


def values_of(answers: Answers) -> list[Value]:
    """Return everything that an inquiry with these answers is found by, each once."""
    values = [email_value(answers.email)] if answers.email else []
    if answers.phone:
        values.append(phone_value(answers.phone))
    for name in (answers.patient_name, answers.helper_name):
        for word in words_in(name):
            values += [("name_word", word), *starts_of(word)]
    return list(dict.fromkeys(values))


def values_in(typed: str) -> list[list[Value]]:
    """Return what a member of staff who types this is looking for: one of each list has to match."""
    if "@" in typed:
        return [[email_value(typed)]]
    if re.fullmatch(r"[+\d\s().\-/]{5,}", typed):
        from app.inquiries.phones import searched_phone  # noqa: PLC0415 -- large, and most pages find none

        number = searched_phone(typed)
        return [[phone_value(number)]] if number else []
    return [[("name_word", word), *starts_of(word)[-1:]] for word in words_in(typed)]


def email_value(address: str) -> Value:
    """Return an e-mail address as it is indexed: case aside."""
    return "email", address.strip().casefold()


def phone_value(shown: str) -> Value:
    """Return a phone number as it is indexed: in E.164, its extension aside."""
    return "phone", shown.split(" ext. ", 1)[0]


def words_in(name: str) -> list[str]:
    """Return the words of a name as they are indexed: case and accents aside."""
    return plain_form(name).split()[:MOST_WORDS]


def starts_of(word: str) -> list[Value]:
    """Return the beginnings that a word is found by, the shortest first; none of a word that is too short."""
    return [("name_start", word[:length]) for length in range(SHORTEST_START, LONGEST_START + 1)][
        : max(len(word) - SHORTEST_START + 1, 0)
    ]
