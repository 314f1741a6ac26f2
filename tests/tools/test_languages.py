"""The strings of the source come into every language's file, and from there to the site."""

import gettext
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from tools.languages import brought_up_to_date, compile_one, extracted, main, read, written


def catalog(**strings: str) -> Catalog:
    made = Catalog("es", charset="utf-8", fuzzy=False)
    for words, translation in strings.items():
        made.add(words, translation)
    return made


def test_new_strings_come_in_untranslated_and_those_gone_from_the_source_go() -> None:
    found = brought_up_to_date(catalog(Kept="Queda", Gone="Fuera"), catalog(Kept="", Keep=""))

    assert {message.id: message.string for message in found if message.id} == {"Kept": "Queda", "Keep": ""}
    text = written(found).decode()
    assert "#~" not in text
    assert "fuzzy" not in text


def test_a_file_that_is_up_to_date_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "es" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_bytes(written(catalog(Kept="Queda")))
    before = path.read_bytes()

    assert written(brought_up_to_date(read(path), catalog(Kept=""))) == before


def test_a_compiled_file_holds_what_is_translated(tmp_path: Path) -> None:
    path = tmp_path / "es" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_bytes(written(catalog(Kept="Queda", New="")))

    compile_one(path)

    with path.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert [compiled.gettext(words) for words in ("Kept", "New")] == ["Queda", "New"]
    assert sorted(left.suffix for left in path.parent.iterdir()) == [".mo", ".po"]


def test_strings_come_from_modules_and_templates_with_their_lines_joined() -> None:
    source = extracted()

    assert source.get("Sign in first") is not None  # gettext, in a module
    assert source.get("Choose only from these answers.") is not None  # lazy
    assert source.get("Case studies") is not None  # in a template
    assert [message.id for message in source if "\n" in str(message.id)] == []


@pytest.mark.parametrize("arguments", [[], ["translate"], ["update", "compile"]])
def test_a_command_that_there_is_not_is_answered_with_those_that_there_are(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err == "Say which: update or compile.\n"
