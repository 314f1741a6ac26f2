import gzip
import random
import zlib
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from app.core.checksums import ChangingChecksum
from app.core.codings import CODINGS, codings_liked
from app.core.spliced import CannotSpliceError, Spliced

DECODE: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "identity": bytes,
}
VALUES = {"nonce": b"n-0123456789abcdef-n", "token": b"IjAx.awZJ1Q." + b"t" * 70, "key": b"k" * 43}


def page_with(values: dict[str, bytes], words: int = 3000) -> bytes:
    """Return a page of words that come again, with each value in it, one of them twice."""
    chance = random.Random(7)
    text = [
        chance.choice(["<p>", "spinal", "cord", "señal", "إصابة", "</p>\n", '">']) for _word in range(words)
    ]
    marked = b'" nonce="%b"><input name="token" value="%b"><input value="%b"> %b' % (
        values["nonce"],
        values["token"],
        values["key"],
        values["nonce"],
    )
    half = words // 2
    return " ".join(text[:half]).encode() + marked + " ".join(text[half:]).encode()


@pytest.mark.parametrize("coding", CODINGS)
def test_other_values_come_out_of_a_compressed_page_as_they_were_put_in(coding: str) -> None:
    spliced = Spliced(page_with(VALUES), VALUES)
    chosen, coded = spliced.liked(coding)
    chance = random.Random(3)

    assert chosen == coding
    for _time in range(50):
        values = {name: chance.randbytes(len(value)) for name, value in VALUES.items()}
        body = coded.body(values)
        assert DECODE[coding](body) == page_with(values)
        assert len(body) == coded.length


def test_a_compressed_page_is_hardly_longer_for_its_holes() -> None:
    page = page_with(VALUES, 20_000)
    spliced = Spliced(page, VALUES)

    assert spliced.liked("br")[1].length < len(brotli.compress(page)) * 1.05 + 300
    assert spliced.liked("gzip")[1].length < len(zlib.compress(page, 9)) * 1.05 + 300


@pytest.mark.parametrize("coding", CODINGS)
def test_how_long_a_body_is_tells_nothing_of_a_value(coding: str) -> None:
    _chosen, coded = Spliced(page_with(VALUES), VALUES).liked(coding)
    guesses = [
        {**VALUES, "token": guess[:82].ljust(82, b"x")}
        for guess in (VALUES["token"], b"spinal cord " * 7, b"")
    ]

    assert len({len(coded.body(values)) for values in guesses}) == 1


def test_a_value_that_is_not_in_the_page_is_refused() -> None:
    with pytest.raises(CannotSpliceError):
        Spliced(b"a page without", {"token": b"0123456789"})


def test_a_page_of_every_byte_there_is_comes_uncompressed() -> None:
    page = bytes(range(256)) * 20 + VALUES["key"] + b"behind"

    assert Spliced(page, {"key": VALUES["key"]}).liked("br, gzip")[0] == "identity"


def test_what_compresses_well_but_stands_right_at_a_value_is_never_wrong() -> None:
    for behind in (b"", b"x", b"<>", VALUES["nonce"]):
        page = b"before " * 50 + VALUES["key"] + behind
        names = {"key": VALUES["key"], **({"nonce": behind} if behind == VALUES["nonce"] else {})}
        spliced = Spliced(page, names)
        for coding in CODINGS:
            chosen, coded = spliced.liked(coding)
            assert DECODE[chosen](coded.body(names)) == page


@given(
    st.binary(min_size=1, max_size=300), st.lists(st.integers(0, 20), min_size=1, max_size=4), st.randoms()
)
def test_a_checksum_put_together_is_that_of_the_whole(
    text: bytes, sizes: list[int], chance: random.Random
) -> None:
    holes, parts, whole, empty = [], [], b"", b""
    for size in sizes:
        around, part = text[: chance.randrange(len(text)) + 1], chance.randbytes(size)
        holes.append((len(whole + around), len(whole + around) + size))
        whole, empty = whole + around + part, empty + around + bytes(size)
        parts.append(part)

    assert ChangingChecksum(empty + text, holes).of(parts) == zlib.crc32(whole + text)


@pytest.mark.parametrize(
    ("header", "liked"),
    [
        (None, ["identity"]),
        ("", ["identity"]),
        ("gzip, deflate, br, zstd", ["br", "gzip", "identity"]),
        ("br;q=0.5, gzip", ["gzip", "br", "identity"]),
        ("br;q=0, gzip", ["gzip", "identity"]),
        ("*", ["br", "gzip", "identity"]),
        ("*;q=0", ["identity"]),
        ("br;q=0, *", ["gzip", "identity"]),
        ("gzip;q=0.5", ["gzip", "identity"]),
        ("identity;q=0", ["identity"]),
        ("identity, gzip;q=0.1", ["identity", "gzip"]),
        ("GZIP", ["gzip", "identity"]),
        ("  gzip ; q=0.3 ,br;q=0.2", ["gzip", "br", "identity"]),
        ("zstd", ["identity"]),
        (";;;q=", ["identity"]),
        ("gzip;q=2", ["identity"]),
    ],
)
def test_a_browser_gets_the_coding_it_likes_best(header: str | None, liked: list[str]) -> None:
    assert list(codings_liked(header)) == liked


@given(
    st.dictionaries(
        st.sampled_from([*CODINGS, "*", "deflate", "zstd"]), st.integers(0, 1000), min_size=1, max_size=5
    )
)
def test_no_coding_is_chosen_that_a_browser_refuses_or_likes_less(qualities: dict[str, int]) -> None:
    header = ", ".join(f"{name};q={quality / 1000:.3f}" for name, quality in qualities.items())
    accepted = parse_accept_header(header, Accept)
    chosen = codings_liked(header)[0]

    others = {name: accepted.quality(name) for name in ("br", "gzip")}
    if chosen == "identity":
        assert all(quality <= qualities.get("identity", 0) / 1000 for quality in others.values())
    else:
        assert accepted.quality(chosen) == max(others.values()) > 0
