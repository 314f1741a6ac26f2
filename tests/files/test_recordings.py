import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from app.files.recordings import check_captions, check_recording
from app.files.sniff import LARGEST_CAPTIONS_BYTES
from tests.files.making import box, file_of, id3, mp3, mp4, ogg, refusal, webm
from tests.support.engines import ON_SQLITE

NO_RECORDING = "This is not a recording that browsers play."
NOT_WHOLE = "This recording is damaged or not complete."
PAGE = b"<!doctype html><script>canary()</script>"
CAPTIONS = "WEBVTT\n\n1\n00:01.000 --> 00:04.000\nShe walks <i>a few</i> steps.\n"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (mp4(), "video/mp4"),
        (mp4(brand=b"mp42"), "video/mp4"),
        (mp4(b"soun"), "audio/mp4"),
        (mp4(b"soun", b"M4A "), "audio/mp4"),
        (mp4() + box(b"free"), "video/mp4"),
        (mp4()[:-508] + b"\x00\x00\x00\x00mdat" + bytes(500), "video/mp4"),
        (mp4()[:-508] + b"\x00\x00\x00\x01mdat" + (516).to_bytes(8, "big") + bytes(500), "video/mp4"),
        (webm(), "video/webm"),
        (webm(b"\x41\x2c" + bytes(300)), "video/webm"),
        (mp3(), "audio/mpeg"),
        (mp3(tag=id3(b"TIT2" + bytes(500))), "audio/mpeg"),
        (ogg(), "audio/ogg"),
        (ogg(b"\x01vorbis"), "audio/ogg"),
    ],
)
def test_a_recording_is_known_by_its_content(content: bytes, media_type: str) -> None:
    source = file_of(content)

    assert check_recording(source) == media_type
    assert source.tell() == 0


@ON_SQLITE
@pytest.mark.parametrize(
    "content",
    [
        b"not a recording",
        PAGE,
        b"%PDF-1.7\n" + bytes(500),
        b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(100),
        webm(kind=b"matroska"),
        box(b"ftyp", b"qt  \x00\x00\x00\x00qt  ") + box(b"moov"),
        ogg(b"\x80theora"),
        b"ID3" + PAGE,
        b"\xff\xfb" + PAGE,
        b"OggS" + PAGE,
        b"\x1a\x45\xdf\xa3" + PAGE + b"\x42\x82\x84webm",
        mp3(tag=id3(PAGE)),
        webm(bytes([0x80 | 50]) + bytes(10) + PAGE),
        box(b"ftyp", b"isom\x00\x00\x00\x00isom" + PAGE) + mp4()[20:],
        mp4(content=b"PK\x03\x04 an archive"),
        b"ID3",
    ],
)
def test_what_is_no_recording_or_something_else_as_well_is_refused(context: Flask, content: bytes) -> None:
    assert refusal(check_recording, content).startswith(NO_RECORDING)


@ON_SQLITE
@pytest.mark.parametrize(
    "content",
    [
        mp4()[:-1],
        mp4()[:300],
        mp4() + b"\x00\x00\x00\x04free",
        mp4() + b"\x00\x00\xff\xfffree",
        mp4() + b"trailing words",
        box(b"ftyp", b"isom\x00\x00\x00\x00isom") + box(b"mdat", bytes(100)),
        mp4(b"text"),
        webm(b"\x41\x2c" + bytes(299)),
        mp3(frames=2) + mp3(frames=1)[:-1],
    ],
)
def test_a_recording_that_is_not_whole_is_refused(context: Flask, content: bytes) -> None:
    assert refusal(check_recording, content).startswith(NOT_WHOLE)


@ON_SQLITE
def test_an_empty_recording_is_refused_in_words(context: Flask) -> None:
    assert refusal(check_recording, b"").startswith("This file is empty.")


@ON_SQLITE
@settings(max_examples=300)
@given(
    start=st.sampled_from([mp4(), webm(), mp3(tag=id3(bytes(40))), ogg(), b""]),
    cut=st.integers(0, 600),
    end=st.binary(max_size=80),
)
def test_whatever_is_sent_is_taken_or_refused(context: Flask, start: bytes, cut: int, end: bytes) -> None:
    for check in (check_recording, check_captions):
        assert "%" not in refusal(check, start[:cut] + end)


@pytest.mark.parametrize(
    "text",
    [
        CAPTIONS,
        CAPTIONS.replace("\n", "\r\n"),
        CAPTIONS.replace("\n", "\r"),
        "\ufeff" + CAPTIONS,
        CAPTIONS.rstrip("\n"),
        CAPTIONS + "\n\n",
    ],
)
def test_captions_come_out_in_one_form(text: str) -> None:
    assert check_captions(file_of(text.encode())).decode() == CAPTIONS


def test_captions_may_have_all_that_the_format_has() -> None:
    text = (
        "WEBVTT - from a programme\nKind: captions\n\nNOTE a note\n\n"
        "REGION\nid:fred\nwidth:40%\n\n"
        "00:00:01.000 --> 00:00:04.000 line:0 position:20% align:start\n"
        "<v Example Doctor>Does it <c.loud.red>hurt</c>?</v> 2 &lt; 3 &amp; 5 > 4\n\n"
        "100:00:05.000 --> 100:00:06.500\n<00:00:05.500><lang es>Sí</lang> <ruby>漢<rt>kan</rt></ruby>\n"
    )

    assert check_captions(file_of(text.encode())).decode() == text


@ON_SQLITE
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This file is empty."),
        (b"1\n00:00:01,000 --> 00:00:04,000\nSubRip\n", "These are not captions in the format WebVTT."),
        (b"WEBVTTX\n\n00:01.000 --> 00:04.000\na\n", "These are not captions in the format WebVTT."),
        (CAPTIONS.encode() + b"\0", "These are not captions in the format WebVTT."),
        (CAPTIONS.encode("utf-16"), "These captions are not saved as UTF-8."),
        (
            "WEBVTT\n\n00:01.000 --> 00:04.000\nSí\n".encode("latin-1"),
            "These captions are not saved as UTF-8.",
        ),
        (b"WEBVTT\n\nno times here\n", "There is no caption in this file."),
        (b"WEBVTT\n\n00:00:01,000 --> 00:00:04,000\na\n", "We cannot read line 3."),
        (b"WEBVTT\n\n00:04.000 --> 00:04.000\na\n", "We cannot read line 3."),
        (b"WEBVTT\n\n00:01.000 --> 00:71.000\na\n", "We cannot read line 3."),
        (CAPTIONS.encode() + b"<script>canary()</script>\n", "Line 6 has <script> in it"),
        (CAPTIONS.encode() + b"<img src=x onerror=canary()\n", "Line 6 has <img src=x onerror=c in it"),
        (b"WEBVTT\n\n" + b"a" * LARGEST_CAPTIONS_BYTES, "This file is larger than 1 MB."),
    ],
)
def test_what_is_no_captions_is_refused_in_words(context: Flask, content: bytes, words: str) -> None:
    assert refusal(check_captions, content).startswith(words)
