"""E-mail addresses: whether a text is one, and which one was probably meant."""

import re
from collections.abc import Iterator

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from wtforms import Form
from wtforms.fields import Field
from wtforms.validators import ValidationError

ADDRESS_LENGTH = 254
"""Characters that an address may have: RFC 5321, 4.5.3.1.3, less the angle brackets."""

PROVIDERS = {
    "foxmail": "com",
    "gmail": "com",
    "googlemail": "com",
    "hotmail": "com es fr it de co.uk com.ar com.br com.mx",
    "icloud": "com",
    "outlook": "com es fr de com.ar com.br",
    "protonmail": "com",
    "rediffmail": "com",
    "yahoo": "com es fr it de co.uk co.in in com.ar com.br com.mx",
    "yandex": "com ru",
}
"""Names that many people's addresses have, with their endings.

No name is shorter than five letters: one slip in "aol", "live", "mail" or "qq" gives other people's domains.
"""

ONE_ENDING = {"gmail", "icloud"}
"""Providers that have no national domains: what stands in place of ".com" is a slip."""

OTHER_NAMES = {"faxmail.com", "grail.com"}
"""Domains of others that are one slip away from a provider's."""

ENDING_SLIPS = {
    "com": "c0m ccom cim clm cmo cmm com1 comm comn con conm coom copm cpm ocm vom xom",
    "net": "ent ner nett nrt nte",
    "org": "ogr orf orgg prg",
}
"""Slips of the three oldest endings, none of which is a top-level domain of IANA's list."""

SLIP_OF = {slip: ending for ending, slips in ENDING_SLIPS.items() for slip in slips.split()}


def normal_address(text: str) -> str | None:
    """Return an e-mail address as it is kept, or None if ``text`` is none that mail can be sent to."""
    # A longer text is no address; to read one takes time.
    if len(text) > ADDRESS_LENGTH:
        return None
    try:
        return validate_email(text, check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError:
        return None


def check_email(_form: Form, field: Field) -> None:
    """Take an e-mail address, and leave it in the field as it is kept."""
    address = normal_address(field.data or "")
    if address is None:
        raise ValidationError(
            _("Check the e-mail address. It looks like name@example.com, in letters a to z.")
        )
    field.data = address


def meant_address(address: str) -> str | None:
    """Return the address that was probably meant, where the domain looks like a slip; else None.

    It is a guess to ask about, and never one to act on: the address as it stands may be right.
    """
    normal = normal_address(address)
    return normal and meant_instead(normal)


def meant_instead(address: str) -> str | None:
    """Return what ``meant_address`` does, of an address as it is kept."""
    local, _at, domain = address.rpartition("@")
    meant = meant_domain(domain)
    return f"{local}@{meant}" if meant != domain else None


def meant_domain(domain: str) -> str:
    """Return the domain that was probably meant, most often ``domain`` itself."""
    name, _dot, ending = with_right_ending(domain).partition(".")
    repaired = f"{name}.{ending}"
    if name in PROVIDERS:
        return f"{name}.com" if is_slip_of_com(name, ending) else repaired
    if repaired in OTHER_NAMES:
        return repaired
    return next((f"{other}.{ending}" for other in similar_providers(name, ending)), repaired)


def with_right_ending(domain: str) -> str:
    """Return a domain with the top-level domain that a slip in it stands for."""
    rest, dot, last = domain.rpartition(".")
    return rest + dot + SLIP_OF.get(last, last)


def is_slip_of_com(name: str, ending: str) -> bool:
    """Return whether a provider's ending stands for "com": Colombia, Cameroon and Oman are one letter off."""
    is_national = re.fullmatch(r"(com?\.)?[a-z]{2}", ending) is not None
    return ending in {"co", "cm", "om"} or (name in ONE_ENDING and is_national)


def similar_providers(name: str, ending: str) -> Iterator[str]:
    """Yield the providers with this ending whose name is one slip away, or two if it is long.

    The first letter must be there: "email", "ymail" and "zmail" are not "gmail".
    """
    for provider, endings in PROVIDERS.items():
        has_start = name[:1] == provider[0] or name[:2] == provider[1::-1]
        if has_start and ending in endings.split() and slips(name, provider) <= len(provider) // 5:
            yield provider


def slips(typed: str, meant: str) -> int:
    """Return how many letters were added, left out, changed or swapped with the next one.

    It is the distance of Damerau and Levenshtein, with no letter moved twice ("optimal string alignment").
    """
    before: list[int] = []
    row = list(range(len(meant) + 1))
    for i, letter in enumerate(typed, 1):
        before, last, row = row, before, [i]
        for j, wanted in enumerate(meant, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and (typed[i - 2], letter) == (wanted, meant[j - 2]):
                best = min(best, last[j - 2] + 1)
            row.append(best)
    return row[-1]
