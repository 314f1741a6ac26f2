"""How an inquiry is found by an e-mail address, a phone number or words of a name.

None of these is kept in the clear: each is brought to one form, and of that a blind index is kept.
"""

import re
from collections.abc import Sequence

import phonenumbers

from app.core.names import plain_form
from app.inquiries.answers import Answers
from app.inquiries.vocabulary import shown_phone

MOST_WORDS = 20
"""So many words of a name are indexed, and looked for."""

Value = tuple[str, str]
"""One of ``models.LOOKUP_KINDS``, and the text in the form that is indexed."""


def values_of(answers: Answers) -> list[Value]:
    """Return everything that an inquiry with these answers is found by, each once."""
    values = [email_value(answers.email)] if answers.email else []
    if answers.phone:
        values.append(phone_value(answers.phone))
    for name in (answers.patient_name, answers.helper_name):
        values += name_values(name)
    return list(dict.fromkeys(values))


def values_in(typed: str) -> Sequence[Value]:
    """Return what a member of staff who types this is looking for; all of it has to match."""
    if "@" in typed:
        return [email_value(typed)]
    if re.fullmatch(r"[+\d\s().\-/]{5,}", typed):
        try:
            number = phonenumbers.parse("+" + re.sub(r"\D", "", typed).removeprefix("00"))
        except phonenumbers.NumberParseException:
            return []
        return [phone_value(shown_phone(number))]
    return name_values(typed)


def email_value(address: str) -> Value:
    """Return an e-mail address as it is indexed: case aside."""
    return "email", address.strip().casefold()


def phone_value(shown: str) -> Value:
    """Return a phone number as it is indexed: in E.164, its extension aside."""
    return "phone", shown.split(" ext. ", 1)[0]


def name_values(name: str) -> list[Value]:
    """Return the words of a name as they are indexed: case and accents aside."""
    return [("name_word", word) for word in plain_form(name).split()[:MOST_WORDS]]
