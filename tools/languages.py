"""The translations: strings are gathered from the source into every language, and compiled for the site.

``python -m tools.languages update`` brings every ``messages.po`` up to date with the source: what is new in
it stands untranslated, what is gone from it is gone. ``python -m tools.languages compile`` writes the ``.mo``
files that the site reads.
"""

import sys
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from tools.bootstrap import ROOT, translations

KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
"""What strings for people are passed to; the numbers say which arguments they are."""


def main(arguments: list[str]) -> int:
    """Do what is asked: ``update`` or ``compile``."""
    commands = {"update": update, "compile": compile_all}
    if len(arguments) != 1 or arguments[0] not in commands:
        print(f"Say which: {' or '.join(commands)}.", file=sys.stderr)
        return 2
    commands[arguments[0]]()
    return 0


def update() -> None:
    """Merge the strings of the source into every language."""
    source = extracted()
    for path in translations():
        catalog = brought_up_to_date(read(path), source)
        path.write_bytes(written(catalog))
        missing = sum(not is_translated(message.string) for message in catalog if message.id)
        print(f"{path.relative_to(ROOT)}: {len(catalog)} strings, {missing} untranslated")


def compile_all() -> None:
    """Compile every language."""
    for path in translations():
        compile_one(path)


def compile_one(path: Path) -> None:
    """Write the ``.mo`` file beside a ``.po`` file; a process that reads it meanwhile has the former one."""
    aside = path.with_suffix(".mo.new")
    with aside.open("wb") as output:
        write_mo(output, read(path))
    aside.replace(path.with_suffix(".mo"))


def extracted() -> Catalog:
    """Return every string for people in the source, as babel.cfg says where they are."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    catalog = Catalog(charset="utf-8")
    for _file, _line, message, _comments, context in extract_from_dir(
        ROOT, methods, options, keywords=KEYWORDS, directory_filter=holds_source
    ):
        catalog.add(message, context=context)
    return catalog


def holds_source(folder: str) -> bool:
    """Return whether a folder can hold strings for people."""
    within = Path(folder).relative_to(ROOT).parts
    return not within or within[0] in {"app", "templates"}


def brought_up_to_date(catalog: Catalog, source: Catalog) -> Catalog:
    """Return translations with the strings of the source, no more and no less."""
    # A translation of another string is no guess at this one's: nobody would see that it is one.
    catalog.update(source, no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    return catalog


def is_translated(string: str | Sequence[str] | None) -> bool:
    """Return whether a translation has all its forms."""
    return bool(string) and all(string or ())


def read(path: Path) -> Catalog:
    """Return a language's translations."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parents[1].name, abort_invalid=True)


def written(catalog: Catalog) -> bytes:
    """Return a language's file: in order and without line numbers, so that a change shows as just that."""
    output = BytesIO()
    write_po(output, catalog, width=0, no_location=True, sort_output=True)
    return output.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
