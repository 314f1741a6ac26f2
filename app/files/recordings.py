"""Recordings and their captions, checked by content; kept as they are, for nothing here writes them anew."""

import re
from collections.abc import Callable, Sequence
from typing import BinaryIO

import filetype  # type: ignore[import-untyped]
from flask_babel import lazy_gettext as _l

from app.files.sniff import (
    LARGEST_CAPTIONS_BYTES,
    LARGEST_RECORDING_BYTES,
    UnusableFileError,
    head_of,
    refuse_empty_or_larger,
)

MOST_BOXES = 100_000
"""Parts of an MP4 that are walked through; an hour of streamed video has some thousands."""
MARKUP = (b"<!doctype", b"<html", b"<script", b"<svg", b"<?php", b"%pdf-", b"pk\x03\x04")
"""What other readers would take a file for that has it near its start."""
OGG_CODECS = (b"\x01vorbis", b"OpusHead", b"\x7fFLAC", b"Speex   ")
BOXES_OF_BOXES = {b"moov", b"trak", b"mdia"}
EBML_HEADER, EBML_SEGMENT = b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67"
MP3_FRAMES = 3
"""Frames that must follow one another: by chance, bytes look like one."""
MP3_HERTZ = (44100, 48000, 32000)
MP3_RATES = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
MP3_LOW_RATES = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
"""Kilobits a second of MPEG-1 and of MPEG-2 and 2.5, layer III."""

NO_RECORDING = _l(
    "This is not a recording that browsers play. Save it as MP4 or WebM (film), or as MP3, M4A or Ogg "
    "(sound), and upload that."
)
NOT_WHOLE = _l(
    "This recording is damaged or not complete. Play it to its end, export it again and upload that."
)
NO_CAPTIONS = _l(
    "These are not captions in the format WebVTT. Export them as WebVTT (.vtt); the first line must be "
    "WEBVTT."
)
NOT_UTF_8 = _l("These captions are not saved as UTF-8. Save them again with the encoding UTF-8.")
NO_CUE = _l("There is no caption in this file. Each needs a line as 00:00:01.000 --> 00:00:04.000 above it.")
ODD_TIMES = _l(
    "We cannot read line %(line)s. It must be as 00:00:01.000 --> 00:00:04.000, the later time last."
)
ODD_MARKUP = _l("Line %(line)s has %(markup)s in it, which captions cannot have. Take it out.")

TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
TIMES = re.compile(rf"[ \t]*{TIME}[ \t]+-->[ \t]+{TIME}(?:[ \t]+[a-z]+:[^\s:]\S*)*[ \t]*")
TAG = re.compile(r"<[^<>]*>?")
CAPTION_TAG = re.compile(rf"</?(?:c|i|b|u|v|ruby|rt|lang)(?:\.[^\s<>]+)*(?:[ \t][^<>]*)?>|<{TIME}>")
"""What may stand between < and > in a caption (WebVTT, 3.3)."""


def check_recording(source: BinaryIO) -> str:
    """Return an uploaded recording's media type; raise UnusableFileError for what no browser plays.

    A file that only begins as a recording does is refused: its parts are followed by their own lengths.
    """
    size = refuse_empty_or_larger(source, LARGEST_RECORDING_BYTES)
    head = head_of(source)
    kind = filetype.guess(head)
    check = CHECKS.get(kind.mime if kind else "")
    if check is None or any(markup in head.lower() for markup in MARKUP):
        raise UnusableFileError(NO_RECORDING)
    media_type = check(source, size)
    source.seek(0)
    return media_type


def check_mp4(source: BinaryIO, size: int) -> str:
    """Return whether an MP4 is film or sound; its boxes must fill it exactly (ISO/IEC 14496-12, 4.2)."""
    kinds, handlers = set(), set()
    places = [(0, size)]
    for _ in range(MOST_BOXES):
        if not places:
            break
        start, end = places.pop()
        if start == end:
            continue
        kind, inside, after = read_box(source, start, end)
        places.append((after, end))
        kinds.add(kind)
        if kind in BOXES_OF_BOXES:
            places.append((inside, after))
        elif kind == b"hdlr":
            source.seek(inside + 8)
            handlers.add(source.read(4))
    if places or not {b"ftyp", b"moov"} <= kinds or not handlers & {b"vide", b"soun"}:
        raise UnusableFileError(NOT_WHOLE)
    return "video/mp4" if b"vide" in handlers else "audio/mp4"


def read_box(source: BinaryIO, start: int, end: int) -> tuple[bytes, int, int]:
    """Return a box's kind, where its content begins and where it ends; it must end within ``end``."""
    source.seek(start)
    head = source.read(16)
    length, kind, inside = int.from_bytes(head[:4], "big"), head[4:8], start + 8
    if length == 1:
        length, inside = int.from_bytes(head[8:16], "big"), start + 16
    after = end if length == 0 else start + length
    if len(kind) < 4 or after < inside or after > end:
        raise UnusableFileError(NOT_WHOLE)
    return kind, inside, after


def check_webm(source: BinaryIO, size: int) -> str:
    """Return the type of a WebM; after the EBML header stands one segment (RFC 8794, RFC 9559)."""
    start = 0
    for kind in (EBML_HEADER, EBML_SEGMENT):
        source.seek(start)
        head = source.read(12)
        length, inside = element_length(head[4:])
        unknown = length is None and kind == EBML_SEGMENT  # it was recorded as it was sent
        if head[:4] != kind or not (unknown or length is not None):
            raise UnusableFileError(NO_RECORDING)
        start += 4 + inside + (length or 0)
    if start > size:
        raise UnusableFileError(NOT_WHOLE)
    return "video/webm"


def element_length(coded: bytes) -> tuple[int | None, int]:
    """Return the length that an EBML element says it has (None: unknown), and the bytes that say so."""
    first = coded[0] if coded else 0
    if not first:
        return None, 0
    width = 9 - first.bit_length()
    value = int.from_bytes(coded[:width], "big") & ~(1 << 7 * width)
    return (None if value == (1 << 7 * width) - 1 else value), width


def check_mp3(source: BinaryIO, size: int) -> str:
    """Return the type of an MP3: frames one after the other, and before them a tag at most."""
    head = source.read(10)
    start = 0
    if head[:3] == b"ID3":
        # Seven bits of each byte count (ID3v2.4.0, 3.1).
        start = 10 + sum(
            (byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=False)
        )
    for _ in range(MP3_FRAMES):
        source.seek(start)
        start += frame_length(source.read(4))
    if start > size:
        raise UnusableFileError(NOT_WHOLE)
    return "audio/mpeg"


def frame_length(head: bytes) -> int:
    """Return the bytes of an MPEG audio frame, layer III, from its header (ISO/IEC 11172-3, 2.4.1.3)."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        raise UnusableFileError(NO_RECORDING)
    version, rate, sampling = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or rate in {0, 15} or sampling == 3:
        raise UnusableFileError(NO_RECORDING)
    hertz = MP3_HERTZ[sampling] >> {3: 0, 2: 1, 0: 2}[version]
    bits = (MP3_RATES if version == 3 else MP3_LOW_RATES)[rate - 1] * 1000
    return (144 if version == 3 else 72) * bits // hertz + (head[2] >> 1 & 1)


def check_ogg(source: BinaryIO, size: int) -> str:
    """Return the type of an Ogg: its first page begins a stream of sound (RFC 3533, 6)."""
    head = source.read(27)
    lengths = source.read(head[26]) if len(head) == 27 else b""
    begins = source.read(8)
    next_page = 27 + len(lengths) + sum(lengths)
    source.seek(next_page)
    if head[4:6] != b"\0\x02" or not begins.startswith(OGG_CODECS) or source.read(4) != b"OggS":
        raise UnusableFileError(NO_RECORDING if next_page < size else NOT_WHOLE)
    return "audio/ogg"


CHECKS: dict[str, Callable[[BinaryIO, int], str]] = {
    "video/mp4": check_mp4,
    "video/x-m4v": check_mp4,
    "audio/mp4": check_mp4,
    "video/webm": check_webm,
    "audio/mpeg": check_mp3,
    "audio/ogg": check_ogg,
}


def check_captions(source: BinaryIO) -> bytes:
    """Return uploaded captions as WebVTT, in UTF-8 and with plain line ends; raise UnusableFileError."""
    refuse_empty_or_larger(source, LARGEST_CAPTIONS_BYTES)
    try:
        text = source.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnusableFileError(NOT_UTF_8) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    if not re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0]) or "\0" in text:
        raise UnusableFileError(NO_CAPTIONS)
    cues = 0
    for number, line in enumerate(lines, 1):
        if "-->" in line:
            refuse_odd_times(line, number)
            cues += 1
        elif markup := next((tag for tag in TAG.findall(line) if not CAPTION_TAG.fullmatch(tag)), ""):
            raise UnusableFileError(ODD_MARKUP, line=number, markup=markup[:20])
    if not cues:
        raise UnusableFileError(NO_CUE)
    return (text.rstrip("\n") + "\n").encode()


def refuse_odd_times(line: str, number: int) -> None:
    """Refuse a caption whose times cannot be read or are in the wrong order."""
    times = TIMES.fullmatch(line)
    if times is None or milliseconds(times.groups()[:4]) >= milliseconds(times.groups()[4:8]):
        raise UnusableFileError(ODD_TIMES, line=number)


def milliseconds(parts: Sequence[str | None]) -> int:
    """Return a time's milliseconds from its hours (which may be missing), minutes, seconds and the rest."""
    hours, minutes, seconds, rest = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest
