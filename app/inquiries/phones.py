"""Phone numbers of any country. The library that knows them is large: load this where there is a number."""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat


def given_phone(typed: str, region: str | None) -> str | None:
    """Return the number that a person typed, as ``shown`` does; None for none that can be.

    ``region`` is the country (ISO 3166) of a number without a country code.
    """
    try:
        number = phonenumbers.parse(typed, region)
    except NumberParseException:
        return None
    return shown(number) if phonenumbers.is_possible_number(number) else None


def searched_phone(typed: str) -> str | None:
    """Return the number that is searched for, with its country code but written in any way; None for none."""
    try:
        return shown(phonenumbers.parse("+" + re.sub(r"\D", "", typed).removeprefix("00")))
    except NumberParseException:
        return None


def readable(number: str) -> str:
    """Return a number that ``shown`` made, with the spaces its country writes."""
    return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.INTERNATIONAL)


def shown(number: PhoneNumber) -> str:
    """Return a number in E.164, and its extension behind it if it has one."""
    plain = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return f"{plain} ext. {number.extension}" if number.extension else plain
