import io
import os
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast

import pikepdf
import pytest
from flask import Flask
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image

from app.files.pdf import prepare_pdf, run_apart
from app.files.sniff import LARGEST_PDF_BYTES
from app.files.storage import StorageUnavailableError
from tests.files.making import file_of, link, pdf, printed_pdf, refusal, script
from tests.support.engines import ON_SQLITE

FAKE = "This is not a PDF, although its name may say so. Open it in the program that made it"
LOCKED = "This PDF is locked with a password. Save a copy without the password and upload that."
DAMAGED = "This PDF is damaged or not complete."
TOO_HEAVY = "This PDF takes too long to read."


@pytest.fixture(autouse=True)
def one_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw the first page in one width: all of them would be most of the run."""
    monkeypatch.setattr("app.files.pictures.WIDTHS", (320,))


def prepared(content: bytes) -> bytes:
    with prepare_pdf(file_of(content)) as made:
        cleaned = made.content.read()
        assert len(cleaned) == made.size
        return cleaned


def prepare(source: BinaryIO) -> None:
    with prepare_pdf(source):
        pass


def scanned_pdf(_folder: Path) -> bytes:
    """What a scanner's program makes: pictures alone."""
    made = io.BytesIO()
    pages = [Image.linear_gradient("L").resize((300, 400)) for _ in range(3)]
    pages[0].save(made, "PDF", save_all=True, append_images=pages[1:])
    return made.getvalue()


def revised_pdf(_folder: Path) -> bytes:
    """One that a program only added a change to, as the format allows."""
    first = pdf(2)
    place = first.rindex(b"startxref") + len("startxref")
    before = first[place:].split()[0].decode()
    added = len(first) + 1
    table = added + len("90 0 obj\n(added)\nendobj\n")
    return (
        first
        + (
            f"\n90 0 obj\n(added)\nendobj\nxref\n90 1\n{added:010d} 00000 n \n"
            f"trailer\n<< /Size 91 /Root 1 0 R /Prev {before} >>\nstartxref\n{table}\n%%EOF\n"
        ).encode()
    )


SOUND: dict[str, tuple[Callable[[Path], bytes], int]] = {
    "with a cross-reference table": (lambda _: pdf(3), 3),
    "with object streams": (lambda _: pdf(3, object_stream_mode=pikepdf.ObjectStreamMode.generate), 3),
    "linearised": (lambda _: pdf(3, linearize=True), 3),
    "uncompressed": (lambda _: pdf(3, compress_streams=False), 3),
    "scanned": (scanned_pdf, 3),
    "revised": (revised_pdf, 2),
    "printed by a browser": (printed_pdf, 1),
    "mailed, with a line before it": (lambda _: b"Content-Type: application/pdf\n\n" + pdf(3), 3),
    "with a line after it": (lambda _: pdf(3) + b"\n\n-- \nend of mail\n", 3),
}


@pytest.mark.parametrize("kind", SOUND)
def test_a_sound_pdf_is_taken_whatever_made_it(kind: str, tmp_path: Path) -> None:
    make, pages = SOUND[kind]

    with prepare_pdf(file_of(make(tmp_path))) as made:
        assert made.pages == pages
        assert made.content.read(5) == b"%PDF-"
        made.content.seek(0)
        with pikepdf.open(made.content) as cleaned:
            assert len(cleaned.pages) == pages
            assert cleaned.is_linearized
            assert cleaned.get_warnings() == []


def test_the_first_page_is_drawn_in_every_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.files.pictures.WIDTHS", (320, 640, 1280))
    with prepare_pdf(file_of(pdf(2))) as made:
        shown = made.first_page

    assert shown.width == 1280
    assert shown.height == pytest.approx(1280 * 842 / 595, abs=1)
    assert set(shown.variants) == {
        f"{width}.{kind}" for width in (320, 640, 1280) for kind in ("avif", "webp", "jpg")
    }
    drawn = Image.open(io.BytesIO(shown.variants["640.webp"])).convert("L")
    assert drawn.histogram()[0] > 0
    assert drawn.getpixel((5, 5)) == 255


@pytest.mark.parametrize(
    "size", [(100_000, 100_000), (1, 100_000), (100_000, 1), (0.5, 0.5), (14_400, 14_400)]
)
def test_a_page_of_any_size_is_drawn_within_the_pictures_bounds(size: tuple[float, float]) -> None:
    def stretch(document: Pdf) -> None:
        document.pages[0].MediaBox = Array([0, 0, *size])

    with prepare_pdf(file_of(pdf(1, stretch))) as made:
        assert 1 <= made.first_page.width <= 1281
        assert 1 <= made.first_page.height <= 2561


ACTING: dict[str, Callable[[Pdf], object]] = {
    "a script when it is opened": lambda document: document.Root.__setitem__("/OpenAction", script("canary")),
    "a named script": lambda document: document.Root.__setitem__(
        "/Names", Dictionary(JavaScript=Dictionary(Names=Array([String("run"), script("canary")])))
    ),
    "a script when it is closed": lambda document: document.Root.__setitem__(
        "/AA", Dictionary(WC=script("canary"))
    ),
    "a script when a page is shown": lambda document: document.pages[0].obj.__setitem__(
        "/AA", Dictionary(O=document.make_indirect(script("canary")))
    ),
    "a script behind a link": lambda document: link(document, script("canary")),
    "a script after a link": lambda document: link(
        document, Dictionary(S=Name.URI, URI=String("https://clinic.example/"), Next=script("canary"))
    ),
    "a script in an address": lambda document: link(
        document, Dictionary(S=Name.URI, URI=String("javascript:canary"))
    ),
    "a script in a stream": lambda document: link(
        document, Dictionary(S=Name.JavaScript, JS=document.make_stream(b"canary"))
    ),
    "a program to start": lambda document: link(document, Dictionary(S=Name.Launch, F=String("canary.exe"))),
    "a form to send": lambda document: link(
        document, Dictionary(S=Name.SubmitForm, F=String("https://canary.example/"))
    ),
    "another file to open": lambda document: link(
        document, Dictionary(S=Name.GoToR, F=String("//canary/a.pdf"))
    ),
    "a file within": lambda document: document.attachments.__setitem__("canary.exe", b"canary"),
    "a file pinned to a page": lambda document: link(
        document, Dictionary(S=Name.GoTo), "/FileAttachment", FS=Dictionary(F=String("canary"))
    ),
    "a form of another kind": lambda document: document.Root.__setitem__(
        "/AcroForm", Dictionary(Fields=Array(), XFA=document.make_stream(b"canary"))
    ),
    "a script when a field is filled in": lambda document: document.Root.__setitem__(
        "/AcroForm",
        Dictionary(
            Fields=Array([document.make_indirect(Dictionary(FT=Name.Tx, AA=Dictionary(K=script("canary"))))])
        ),
    ),
    "a script in the outline": lambda document: document.Root.__setitem__(
        "/Outlines",
        Dictionary(First=document.make_indirect(Dictionary(Title=String("1"), A=script("canary")))),
    ),
}


@pytest.mark.parametrize("what", ACTING)
def test_what_acts_by_itself_is_taken_out(what: str) -> None:
    given = pdf(2, ACTING[what], compress_streams=False)
    assert b"canary" in given

    cleaned = prepared(given)

    with pikepdf.open(file_of(cleaned)) as document:
        plain = io.BytesIO()
        document.save(plain, qdf=True)
    assert b"canary" not in plain.getvalue()
    for sign in (b"/JavaScript", b"/JS", b"/OpenAction", b"/AA", b"/Launch", b"/EmbeddedFile", b"/XFA"):
        assert sign not in plain.getvalue(), sign


def test_links_that_lead_somewhere_when_clicked_stay() -> None:
    def add_links(document: Pdf) -> None:
        link(document, Dictionary(S=Name.URI, URI=String("https://clinic.example/study")))
        link(document, Dictionary(S=Name.URI, URI=String("mailto:team@clinic.example")))
        link(document, Dictionary(S=Name.GoTo, D=Array([document.pages[1].obj, Name.Fit])))

    with pikepdf.open(file_of(prepared(pdf(2, add_links)))) as document:
        actions = [annotation.A for annotation in document.pages[0].Annots]
        assert [str(action.get("/URI", "")) for action in actions] == [
            "https://clinic.example/study",
            "mailto:team@clinic.example",
            "",
        ]
        assert actions[2].D[0] == document.pages[1].obj


@ON_SQLITE
def test_a_file_that_is_no_pdf_is_refused_in_words(context: Flask) -> None:
    for content in (
        b"<!doctype html><title>canary</title>",
        b"PK\x03\x04 a document of another program",
        b"%PDF-1.7\nonly its first words are of a PDF",
        b"%PDF-",
        bytes(5000) + pdf(),
    ):
        assert refusal(prepare, content).startswith(FAKE)


@ON_SQLITE
def test_a_pdf_with_a_password_is_refused_in_words(context: Flask) -> None:
    locked = pdf(2, encryption=pikepdf.Encryption(user="secret", owner="secret"))

    assert refusal(prepare, locked) == LOCKED


@pytest.mark.parametrize(
    "lock",
    [
        pikepdf.Encryption(owner="secret", user="", R=2, aes=False, metadata=False),
        pikepdf.Encryption(owner="secret", user="", R=4),
        pikepdf.Encryption(owner="secret", user="", R=6),
    ],
)
def test_a_pdf_that_opens_without_a_password_is_kept_without_its_lock(lock: pikepdf.Encryption) -> None:
    with pikepdf.open(file_of(prepared(pdf(2, encryption=lock)))) as document:
        assert not document.is_encrypted
        assert len(document.pages) == 2


@ON_SQLITE
@pytest.mark.parametrize(
    "kind", ["with a cross-reference table", "with object streams", "linearised", "scanned"]
)
@pytest.mark.parametrize("part", [0.4, 0.97])
def test_a_pdf_that_was_cut_short_is_refused_and_not_repaired(
    context: Flask, kind: str, part: float, tmp_path: Path
) -> None:
    whole = SOUND[kind][0](tmp_path)

    assert refusal(prepare, whole[: int(len(whole) * part)]).startswith(DAMAGED)


@ON_SQLITE
def test_a_pdf_with_damage_in_its_middle_is_refused(context: Flask) -> None:
    whole = pdf(40, compress_streams=False)
    half = len(whole) // 2

    assert refusal(prepare, whole[:half] + bytes(2000) + whole[half + 2000 :]).startswith(DAMAGED)
    assert refusal(prepare, whole[:half] + whole[half + 200 :]).startswith(DAMAGED)
    assert refusal(prepare, whole.replace(b"\n", b"\r\n")).startswith(DAMAGED)


@ON_SQLITE
def test_a_pdf_without_a_page_is_refused(context: Flask) -> None:
    assert refusal(prepare, pdf(1, lambda document: document.pages.__delitem__(0))).startswith(DAMAGED)


@ON_SQLITE
def test_a_pdf_with_too_many_pages_is_refused_in_words(context: Flask) -> None:
    assert refusal(prepare, pdf(2001)) == "This PDF has more than 2000 pages. Upload it in parts."


@ON_SQLITE
def test_an_empty_or_too_large_file_is_refused_in_words(context: Flask, tmp_path: Path) -> None:
    assert refusal(prepare, b"").startswith("This file is empty.")
    large = tmp_path / "large.pdf"
    with large.open("wb") as file:
        file.truncate(LARGEST_PDF_BYTES + 1)  # a hole: it takes no room
    with large.open("rb") as file:
        words = refusal(lambda _: prepare(file), b"")
    assert words == "This file is larger than 200 MB. Make it smaller and upload it again."


@ON_SQLITE
def test_a_pdf_that_would_take_forever_is_given_up(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.files.pdf.SECONDS", 1)

    def draw_forever(document: Pdf) -> None:
        # Each form draws the one below it ten times: 10^9 lines.
        form = document.make_stream(b"0 0 m 500 500 l S " * 10)
        for _ in range(8):
            below = Dictionary(XObject=Dictionary(F=form))
            form.update({"/Type": Name.XObject, "/Subtype": Name.Form, "/BBox": Array([0, 0, 600, 800])})
            form = document.make_stream(b"q /F Do Q " * 10)
            form.Resources = below
        form.update({"/Type": Name.XObject, "/Subtype": Name.Form, "/BBox": Array([0, 0, 600, 800])})
        document.pages[0].Resources = Dictionary(XObject=Dictionary(F=form))
        document.pages[0].Contents = document.make_stream(b"/F Do")

    assert refusal(prepare, pdf(1, draw_forever)).startswith(TOO_HEAVY)


@ON_SQLITE
def test_a_stream_that_grows_without_end_does_not_fill_the_memory(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.files.pdf.SECONDS", 1)

    def bomb(document: Pdf) -> None:
        packer = zlib.compressobj(9)
        head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
        megabyte = packer.compress(bytes(1_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
        page = document.pages[0]
        page.Contents = document.make_stream(zlib.compress(head + megabyte * 10_000 + packer.flush()))
        page.Contents.Filter = Array([Name.FlateDecode, Name.FlateDecode])

    assert refusal(prepare, pdf(1, bomb, compress_streams=False)).startswith(TOO_HEAVY)


@ON_SQLITE
def test_no_file_in_between_is_left_or_has_a_name(
    context: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    between = tmp_path / "between"
    between.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(between))

    with prepare_pdf(file_of(pdf(2))) as made:
        assert os.fstat(made.content.fileno()).st_nlink == 0
        assert list(between.iterdir()) == []
    refusal(prepare, b"%PDF-")

    assert made.content.closed
    assert list(between.iterdir()) == []


def test_a_full_disk_is_not_told_as_damage_of_the_pdf() -> None:
    with tempfile.TemporaryFile() as given, Path("/dev/full").open("r+b", buffering=0) as full:
        given.write(pdf(2))
        given.flush()

        with tempfile.TemporaryFile() as shown, pytest.raises(StorageUnavailableError):
            run_apart(given, cast(BinaryIO, full), shown, 6)
