"""Every word for people can be translated, and is; and a folder is all that a language needs."""

import ast
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from flask.testing import FlaskClient
from jinja2 import Environment

import config
from app import create_app
from app.content.starter import load_starter
from app.core.i18n import TranslationsNotBuiltError
from app.core.names import read_country, read_month
from tests.support.databases import close
from tests.support.engines import ON_SQLITE
from tests.support.pages import StrictClient, page_of
from tools.bootstrap import ROOT, translations
from tools.languages import compile_one, extracted, is_translated, read, written

TRANSLATIONS = translations()
LANGUAGES = [path.parents[1].name for path in TRANSLATIONS]
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*.*") if path.is_file())
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|\{\w+\}|</?\w+")
WORDS = re.compile(r"[^\W\d_]{2,}")
NO_TEXT = re.compile(r"\bdata-[\w-]+(=\"[^\"]*\")?|\b[\w-]+(\.[\w-]+)+")
"""What stands among text and is none: attributes that a macro gives, and the names of sites."""
SHOWN_ATTRIBUTES = {"aria-label", "aria-description", "title", "alt", "placeholder", "label", "content"}
NO_WORDS = {
    "content": re.compile(r"width=device-width.*|light dark|noindex|article|website|#\w{6}|"),
}
"""What attributes say to machines."""
HOLE = "\ue000"
"""Stands where a template puts something in."""


@pytest.fixture(scope="module")
def source() -> Catalog:
    return extracted()


@pytest.mark.parametrize("path", TRANSLATIONS, ids=LANGUAGES)
def test_a_language_has_every_string_of_the_source_and_no_other(path: Path, source: Catalog) -> None:
    wanted, found = ids(source), ids(read(path))

    assert sorted(wanted - found) == []
    assert sorted(found - wanted) == []
    assert list(read(path).obsolete) == []


@pytest.mark.parametrize("path", TRANSLATIONS, ids=LANGUAGES)
def test_every_string_is_translated_and_nothing_is_guessed(path: Path) -> None:
    messages = [message for message in read(path) if message.id]

    assert [message.id for message in messages if not is_translated(message.string)] == []
    assert [message.id for message in messages if message.fuzzy] == []


@pytest.mark.parametrize("path", TRANSLATIONS, ids=LANGUAGES)
def test_a_translation_puts_in_what_the_source_does(path: Path) -> None:
    assert [message.id for message in read(path) if message.id and not keeps_its_parts(message)] == []


@pytest.mark.parametrize("path", TRANSLATIONS, ids=LANGUAGES)
def test_a_number_is_told_in_all_the_forms_of_its_language(path: Path) -> None:
    catalog = read(path)
    counted = [message for message in catalog if isinstance(message.id, tuple)]

    assert catalog.num_plurals == Catalog(path.parents[1].name).num_plurals
    assert [message.id for message in counted if len(message.string or ()) != catalog.num_plurals] == []


@pytest.mark.parametrize("path", TRANSLATIONS, ids=LANGUAGES)
def test_a_languages_file_is_as_the_tool_writes_it(path: Path) -> None:
    assert path.read_bytes() == written(read(path))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_says_nothing_past_the_translations(path: Path) -> None:
    assert list(words_of(path)) == []


def test_a_module_says_nothing_past_the_translations() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted((ROOT / "app").rglob("*.py"))
        for line in plain_words(path)
    ]

    assert found == []


@ON_SQLITE
def test_a_folder_is_all_that_a_language_needs(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "languages"
    shutil.copytree(config.LANGUAGES_FOLDER, folder)
    monkeypatch.setattr(config, "LANGUAGES_FOLDER", folder)
    add_portuguese(folder / "pt_BR")

    app = create_app(environ)
    app.test_client_class = StrictClient
    with app.app_context():
        assert load_starter() == ["pt-BR/treatment"]
    page = page_of(portuguese(app.test_client(), "/"))

    assert page.all("html")[0].get("lang") == "pt-BR"
    assert page.heading == "Terapia com células-tronco"
    assert "Estudos de caso" in page.text
    assert "Português (Brasil)" in page.text
    assert read_country("Terra Brasilis", "en") == "BR"
    assert read_month("janeiro", "en") == 1
    close(app)


@ON_SQLITE
def test_the_site_does_not_start_with_a_language_that_was_not_compiled(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "languages"
    shutil.copytree(config.LANGUAGES_FOLDER, folder, ignore=shutil.ignore_patterns("*.mo"))
    monkeypatch.setattr(config, "LANGUAGES_FOLDER", folder)

    with pytest.raises(TranslationsNotBuiltError, match=r"Run `python -m tools\.languages compile`\."):
        create_app(environ)


def add_portuguese(folder: Path) -> None:
    catalog = Catalog("pt_BR", charset="utf-8", fuzzy=False)
    catalog.add("Case studies", "Estudos de caso")
    path = folder / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_bytes(written(catalog))
    compile_one(path)
    (folder / "usual_countries.txt").write_text("terra brasilis = BR\n", encoding="utf-8")
    treatment = folder / "starter" / "treatment"
    shutil.copytree(folder.parent / "en" / "starter" / "treatment", treatment)
    page = treatment / "00-page.md"
    title = re.sub(r"(?m)^title: .*$", "title: Terapia com células-tronco", page.read_text(encoding="utf-8"))
    page.write_text(title, encoding="utf-8")


def portuguese(client: FlaskClient, path: str) -> Any:
    return client.get(path, headers={"Accept-Language": "pt-BR,pt;q=0.9"})


def ids(catalog: Catalog) -> set[tuple[str, str]]:
    return {(str(message.id), message.context or "") for message in catalog if message.id}


def keeps_its_parts(message: Message) -> bool:
    """Return whether each form of a translation has the placeholders and tags of its source.

    A form that stands for one number may say it in words.
    """
    one, *others = (message.id,) if isinstance(message.id, str) else message.id
    strings = (message.string,) if isinstance(message.string, str) else message.string or ()
    wanted = parts_of(others[0] if others else one)
    without_number = wanted - Counter({"%(num)s": wanted["%(num)s"]})
    allowed = [wanted, without_number] if others else [wanted]
    return all(parts_of(string) in allowed for string in strings if string)


def parts_of(text: str) -> Counter[str]:
    return Counter(PLACEHOLDER.findall(text))


def words_of(path: Path) -> Iterator[str]:
    """Yield the words of a template that no translation goes over."""
    text = literal_text(path.read_text(encoding="utf-8"))
    if path.suffix == ".txt":
        yield from WORDS.findall(text)
        return
    reader = Reader()
    reader.feed(text)
    reader.close()
    yield from reader.words


def literal_text(template: str) -> str:
    """Return a template's own text, with a hole for each expression and nothing for each statement."""
    parts: list[str] = []
    statement: list[str] | None = None
    in_translation = False
    for _line, kind, value in Environment(extensions=["jinja2.ext.i18n"]).lex(template):
        if kind == "block_begin":
            statement = []
        elif kind == "block_end" and statement is not None:
            in_translation = statement[0] == "trans" or (in_translation and statement[0] != "endtrans")
            statement = None
        elif statement is not None and kind == "name":
            statement.append(value)
        elif kind == "variable_begin" and not in_translation:
            parts.append(HOLE)
        elif kind == "data" and not in_translation:
            parts.append(value)
    return "".join(parts).replace(f"<{HOLE}", "<x").replace(f"</{HOLE}", "</x")


class Reader(HTMLParser):
    """Gathers the words that readers see or hear."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tag = ""

    def handle_data(self, data: str) -> None:
        self.words += [] if self.tag in {"script", "style"} else WORDS.findall(NO_TEXT.sub("", data))

    def handle_endtag(self, tag: str) -> None:
        if tag == self.tag:
            self.tag = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tag = tag
        for name, value in attrs:
            is_shown = name in SHOWN_ATTRIBUTES or name.startswith("data-words")
            if is_shown and not (name in NO_WORDS and NO_WORDS[name].fullmatch(value or "")):
                self.words += WORDS.findall(value or "")


def plain_words(path: Path) -> Iterator[int]:
    """Yield the lines on which a module shows words as they stand in it."""
    showing = {"flash", "ValidationError", "StopValidation", "Required"}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in showing and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and str(first.value)[:1].isupper():
                yield node.lineno


def test_the_language_of_a_page_is_changed_in_one_place_alone() -> None:
    """Where Flask-Babel's was changed elsewhere, what is kept of a language would go on in the one before."""
    changing = re.compile(r"\bforce_locale\b|\brefresh\(\)")
    sources = (ROOT / "app").rglob("*.py")

    assert [path.name for path in sources if changing.search(path.read_text("utf-8"))] == ["wording.py"]
