"""Files of many kinds, made here: whole ones, damaged ones and wicked ones."""

import io
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from app.files.sniff import UnusableFileError
from tools.install_chromium import ADVICE, find_chromium


def file_of(content: bytes) -> BinaryIO:
    """Return an upload with this content."""
    return io.BytesIO(content)


def refusal(check: Callable[[BinaryIO], object], content: bytes) -> str:
    """Return the words that a check refuses this content with, "" if it takes it."""
    try:
        check(file_of(content))
    except UnusableFileError as error:
        return error.words
    return ""


def pdf(pages: int = 1, change: Callable[[pikepdf.Pdf], object] | None = None, **options: Any) -> bytes:
    """Return a PDF with a line of text on each page; ``change`` may add to it."""
    made = io.BytesIO()
    with pikepdf.new() as document:
        for number in range(1, pages + 1):
            document.add_blank_page(page_size=(595, 842))
            page = document.pages[-1]
            page.Resources = Dictionary(
                Font=Dictionary(F1=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
            )
            page.Contents = document.make_stream(b"BT /F1 40 Tf 50 700 Td (Page %d) Tj ET" % number * 20)
        if change:
            change(document)
        document.save(made, **options)
    return made.getvalue()


def link(document: pikepdf.Pdf, action: Dictionary, subtype: str = "/Link", **others: Any) -> None:
    """Put an annotation with an action on the first page."""
    annotation = Dictionary(
        Type=Name.Annot, Subtype=Name(subtype), Rect=Array([0, 0, 9, 9]), A=action, **others
    )
    there = list(document.pages[0].get("/Annots", Array()))
    document.pages[0].Annots = Array([*there, document.make_indirect(annotation)])


def printed_pdf(folder: Path) -> bytes:
    """Return a PDF that a browser printed."""
    page, printed = folder / "page.html", folder / "printed.pdf"
    page.write_text("<h1>Leaflet</h1><p><a href='https://clinic.example/'>A link</a></p>" + "<p>Text</p>" * 5)
    browser = find_chromium()
    assert browser, ADVICE
    command = [browser, "--headless", "--no-sandbox", f"--user-data-dir={folder / 'profile'}"]
    subprocess.run(
        [*command, f"--print-to-pdf={printed}", page.as_uri()], check=True, capture_output=True, timeout=30
    )
    return printed.read_bytes()


def script(text: str = "app.alert(1)") -> Dictionary:
    """Return an action that runs a script."""
    return Dictionary(Type=Name.Action, S=Name.JavaScript, JS=String(text))


def picture(
    width: int = 800, height: int = 600, mode: str = "RGB", kind: str = "PNG", **options: Any
) -> bytes:
    """Return a picture that goes from dark to light, its first corner red where there are colours."""
    made = io.BytesIO()
    image = Image.linear_gradient("L").resize((width, height)).convert(mode)
    if mode in {"RGB", "RGBA"}:
        image.paste("red", (0, 0, width // 4, height // 4))
    image.save(made, kind, **options)
    return made.getvalue()


def box(kind: bytes, content: bytes = b"") -> bytes:
    """Return a box of an MP4."""
    return struct.pack(">I", 8 + len(content)) + kind + content


def mp4(handler: bytes = b"vide", brand: bytes = b"isom", content: bytes = b"\x21" * 500) -> bytes:
    """Return the frame of an MP4 with one track."""
    track = box(b"trak", box(b"mdia", box(b"hdlr", bytes(8) + handler + bytes(12))))
    return box(b"ftyp", brand + bytes(4) + brand) + box(b"moov", track) + box(b"mdat", content)


def mp3(frames: int = 10, tag: bytes = b"") -> bytes:
    """Return silent frames of 128 kbit/s and 44.1 kHz, 417 bytes each, after a tag."""
    return tag + (b"\xff\xfb\x90\x00" + bytes(413)) * frames


def id3(content: bytes) -> bytes:
    """Return an ID3 tag, version 2.4."""
    length = bytes(len(content) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x04\x00\x00" + length + content


def ogg(codec: bytes = b"OpusHead") -> bytes:
    """Return the first two pages of an Ogg file."""

    def page(flags: int, content: bytes) -> bytes:
        return b"OggS\x00" + bytes([flags]) + bytes(20) + bytes([1, len(content)]) + content

    return page(2, codec + bytes(11)) + page(0, bytes(200))


def webm(segment: bytes = b"\x01\xff\xff\xff\xff\xff\xff\xff" + bytes(300), kind: bytes = b"webm") -> bytes:
    """Return a WebM whose segment says what length it has; of an unknown one, unless told otherwise."""
    head = b"\x42\x82" + bytes([0x80 | len(kind)]) + kind
    return b"\x1a\x45\xdf\xa3" + bytes([0x80 | len(head)]) + head + b"\x18\x53\x80\x67" + segment
