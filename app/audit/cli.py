"""``flask audit``: whether the record is as it was written."""

import hmac
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import AppGroup
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.audit.models import DIGEST_BYTES
from app.audit.verifying import Fault, Step, Verified, rows_to_read, verify

audit = AppGroup("audit", help="Check the record of who saw or changed what.")

Head = tuple[int, bytes]
"""A position and the digest there."""
SHOWN_AFTER_SECONDS = 2.0
FAULTS = {
    "altered": _l("Altered: %(place)s."),
    "missing": _l("Missing, the chain names it but it is not there: %(place)s."),
    "gap": _l("Missing from the chain: %(place)s."),
    "link": _l("The chain was altered here: %(place)s."),
    "break": _l("The chain breaks here, this entry does not continue the one before it: %(place)s."),
    "unsealed": _l("Added by hand, without a seal: %(place)s."),
    "unknown_key": _l("Sealed with a key that is not among FIELD_KEYS: %(place)s."),
    "unknown_end": _l("The end of the chain is sealed with a key that is not among FIELD_KEYS: %(place)s."),
}


def noted_head(_context: click.Context, _option: click.Parameter, text: str | None) -> Head | None:
    """Return the position and digest that were noted."""
    if text is None:
        return None
    noted = re.fullmatch(rf"(\d{{1,18}}):([0-9a-f]{{{2 * DIGEST_BYTES}}})", text.strip().lower())
    if noted is None:
        raise click.BadParameter(
            _("Write what “flask audit verify” printed: a number, a colon, 64 hexadecimal digits.")
        )
    return int(noted[1]), bytes.fromhex(noted[2])


@contextmanager
def progress(total: int) -> Iterator[Step]:
    """Show a bar on standard error once reading takes longer than two seconds."""
    shown_from = time.monotonic() + SHOWN_AFTER_SECONDS
    label = _("Reading the record")
    with click.progressbar(length=total, label=label, file=sys.stderr, hidden=True) as bar:

        def step(rows: int) -> None:
            bar.hidden = time.monotonic() < shown_from
            bar.update(rows)

        yield step


@audit.command("verify")
@click.option(
    "--expect",
    metavar="POSITION:DIGEST",
    callback=noted_head,
    help="A position and digest that were noted before: proves that the end was not cut off.",
)
def verify_command(expect: Head | None) -> None:
    """Check every entry of the audit record, and that none was taken out.

    Ends with status 1 if anything is wrong. Note the head that is printed somewhere else, and give it to
    --expect the next time.
    """
    with progress(rows_to_read()) as step:
        found = verify(tell, step, expect and expect[0])
    show(found)
    is_kept = expect is None or is_as_expected(found, *expect)
    if found.faults or not is_kept:
        click.echo(_("The record was altered, or cannot be proved."), err=True)
        raise click.exceptions.Exit(1)
    click.echo(_("The record is as it was written."))


def tell(fault: Fault) -> None:
    """Say what is wrong, and where."""
    click.echo(FAULTS[fault.kind] % {"place": place_of(fault)})


def place_of(fault: Fault) -> str:
    """Return where a fault is: position, time and id, as far as they are known."""
    parts = []
    if fault.position is not None and fault.last not in {None, fault.position}:
        parts.append(_("positions %(first)s to %(last)s", first=fault.position, last=fault.last))
    elif fault.position is not None:
        parts.append(_("position %(position)s", position=fault.position))
    else:
        parts.append(_("not in the chain yet"))
    if fault.at is not None:
        parts.append(f"{fault.at:%Y-%m-%d %H:%M:%S} UTC")
    if fault.entry_id:
        parts.append(fault.entry_id)
    return ", ".join(parts)


def show(found: Verified) -> None:
    """Print what was read."""
    click.echo(_("Entries in the chain: %(count)s", count=found.linked))
    click.echo(_("Waiting for the chain: %(count)s", count=found.waiting))
    if found.unsealed:
        click.echo(_("Of the chain's, from before there were seals: %(count)s", count=found.unsealed))
    if found.other_keys:
        click.echo(
            _(
                "Sealed with a key that FIELD_KEYS no longer holds, vouched for by the chain: %(count)s",
                count=found.other_keys,
            )
        )
    click.echo(_("Head: %(head)s", head=f"{found.end.position}:{found.end.digest.hex()}"))


def is_as_expected(found: Verified, position: int, digest: bytes) -> bool:
    """Say whether the chain still holds what was noted, and return it."""
    if position == 0:
        return True
    if found.expected_digest is None:
        click.echo(
            _(
                "Cut off: the chain went on to position %(noted)s, and ends at %(end)s now.",
                noted=position,
                end=found.end.position,
            )
        )
        return False
    if not hmac.compare_digest(found.expected_digest, digest):
        click.echo(_("Made anew: position %(noted)s is not what was noted.", noted=position))
        return False
    click.echo(_("Nothing up to position %(noted)s was changed since it was noted.", noted=position))
    return True
