"""Pages that are the same for everybody but for a few values of fixed length, compressed once for all.

A page is cut at its values. When it is compressed, the place of each becomes a block that is stored as it
is (RFC 1951, 3.2.4; RFC 7932, 9.2), so that any other value can be put there without compressing again,
and nothing around it refers to what stands in it. That also keeps a secret value out of what the length of
an answer tells (BREACH).
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from threading import Lock

import brotli  # type: ignore[import-untyped]

from app.core.checksums import ChangingChecksum
from app.core.codings import codings_liked

Sizes = Mapping[str, int]
"""The bytes of each value, by its name."""

GZIP_HEADER = b"\x1f\x8b\x08\0\0\0\0\0\x02\xff"
BEHIND = 2
"""So many bytes after a value are stored with it: brotli reads a byte by the two before it."""
LETTERS = 61
"""A prime: so many bytes that the page has not fill its holes while it is compressed."""


class CannotSpliceError(Exception):
    """A page cannot be cut, or compressed, so that every other value would come out of it."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A page in one content coding."""

    pieces: tuple[bytes, ...]
    """What stands around its holes."""
    names: tuple[str, ...]
    """Whose value goes into each hole."""
    length: int
    """Bytes of the whole body, whatever the values are."""
    checksum: ChangingChecksum | None = None
    """Of the page: it stands behind the last piece in four bytes, and the page's length in four more."""
    page_length: bytes = b""

    def body(self, values: Mapping[str, bytes]) -> bytes:
        """Return the body with these values."""
        inner = [values[name] for name in self.names]
        parts = [self.pieces[0]]
        for value, piece in zip(inner, self.pieces[1:], strict=True):
            parts += (value, piece)
        if self.checksum:
            parts += (self.checksum.of(inner).to_bytes(4, "little"), self.page_length)
        return b"".join(parts)


class Spliced:
    """A page cut at its values, and compressed when a coding is first asked for."""

    def __init__(self, page: bytes, values: Mapping[str, bytes]) -> None:
        """Cut the page. Raises CannotSpliceError if a value is not in it."""
        names = {value: name for name, value in values.items()}
        found = re.split(b"(" + b"|".join(map(re.escape, names)) + b")", page)
        holes = tuple(names[value] for value in found[1::2])
        if set(holes) != set(values):
            raise CannotSpliceError
        self.sizes = {name: len(value) for name, value in values.items()}
        self.plain = Coded(tuple(found[::2]), holes, len(page))
        self.coded: dict[str, Coded | None] = {"identity": self.plain}
        self.compressing = Lock()

    def liked(self, accept_encoding: str | None) -> tuple[str, Coded]:
        """Return the coding that a browser likes best, by its Accept-Encoding, and the page in it."""
        for coding in codings_liked(accept_encoding):
            coded = self.coded[coding] if coding in self.coded else self.compressed(coding)
            if coded:
                return coding, coded
        return "identity", self.plain

    def compressed(self, coding: str) -> Coded | None:
        """Return the page in a coding, kept from now on; None if values would not come out of it again."""
        with self.compressing:  # whoever waits finds it compressed
            if coding not in self.coded:
                try:
                    self.coded[coding] = COMPRESSORS[coding](self.plain, self.sizes)
                except CannotSpliceError:
                    self.coded[coding] = None
            return self.coded[coding]


def with_brotli(plain: Coded, sizes: Sizes) -> Coded:
    """Return a page compressed with brotli. Raises CannotSpliceError."""
    compressor = brotli.Compressor(mode=brotli.MODE_TEXT, quality=11)
    pieces = around_holes(plain, sizes, compressor.process, compressor.flush, meta_block)
    pieces[-1] += compressor.finish()
    coded = replace(plain, pieces=tuple(pieces), length=length_of(pieces, plain, sizes))
    return proven(coded, plain, sizes, brotli.decompress)


def meta_block(size: int) -> bytes:
    """Return the beginning of an uncompressed meta-block of so many bytes, RFC 7932, 9.2."""
    # Not the last one (1 bit), a length of four nibbles (2), the length less one (16), uncompressed (1).
    return (size - 1 << 3 | 1 << 19).to_bytes(3, "little")


def with_gzip(plain: Coded, sizes: Sizes) -> Coded:
    """Return a page compressed for gzip, RFC 1952. Raises CannotSpliceError."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)

    def flush() -> bytes:
        return compressor.flush(zlib.Z_SYNC_FLUSH)

    pieces = around_holes(plain, sizes, compressor.compress, flush, stored_block)
    pieces[0], pieces[-1] = GZIP_HEADER + pieces[0], pieces[-1] + compressor.flush(zlib.Z_FINISH)
    empty = plain.body({name: bytes(size) for name, size in sizes.items()})
    coded = replace(
        plain,
        pieces=tuple(pieces),
        length=length_of(pieces, plain, sizes) + 8,
        checksum=ChangingChecksum(empty, holes_of(plain, sizes)),
        page_length=struct.pack("<I", len(empty)),
    )
    return proven(coded, plain, sizes, lambda body: zlib.decompress(body, 16 + zlib.MAX_WBITS))


def stored_block(size: int) -> bytes:
    """Return the beginning of a stored block of so many bytes, RFC 1951, 3.2.4."""
    return b"\0" + struct.pack("<HH", size, size ^ 0xFFFF)


COMPRESSORS: Mapping[str, Callable[[Coded, Sizes], Coded]] = {"br": with_brotli, "gzip": with_gzip}


def around_holes(
    plain: Coded,
    sizes: Sizes,
    compress: Callable[[bytes], bytes],
    flush: Callable[[], bytes],
    begin_stored: Callable[[int], bytes],
) -> list[bytes]:
    """Return what stands around a page's holes in a compressed stream that is not ended yet."""
    filler = filling(plain, sizes)
    pieces = [compress(plain.pieces[0])]
    for name, following in zip(plain.names, plain.pieces[1:], strict=True):
        behind = following[:BEHIND]
        pieces[-1] += flush() + begin_stored(sizes[name] + len(behind))
        # The compressor has to know that something stands here. What it makes of it is left out.
        compress(bytes(next(filler) for _byte in range(sizes[name])) + behind)
        flush()
        pieces.append(behind + compress(following[BEHIND:]))
    return pieces


def filling(plain: Coded, sizes: Sizes) -> Iterator[int]:
    """Return bytes to fill holes with: none that the page has, and no two of them in the same order twice.

    Nothing can refer to them then, and they refer to nothing.
    """
    letters = sorted(set(range(256)) - set(b"".join(plain.pieces)))[-LETTERS:]
    if len(letters) < LETTERS or sum(sizes[name] for name in plain.names) > LETTERS * (LETTERS - 1):
        raise CannotSpliceError
    # Each round takes another step through the letters, and comes by all of them.
    return (letters[place * step % LETTERS] for step in range(1, LETTERS) for place in range(LETTERS))


def length_of(pieces: list[bytes], plain: Coded, sizes: Sizes) -> int:
    """Return the bytes of these pieces with the values between them."""
    return sum(map(len, pieces)) + sum(sizes[name] for name in plain.names)


def holes_of(plain: Coded, sizes: Sizes) -> list[tuple[int, int]]:
    """Return where each hole of a page starts and ends."""
    holes, end = [], 0
    for name, piece in zip(plain.names, plain.pieces, strict=False):
        start = end + len(piece)
        end = start + sizes[name]
        holes.append((start, end))
    return holes


def proven(coded: Coded, plain: Coded, sizes: Sizes, decompress: Callable[[bytes], bytes]) -> Coded:
    """Return a compressed page out of which values that have nothing in common come as they went in.

    Raises CannotSpliceError if they do not.
    """
    for letter in (b"a", b"\xff"):
        values = {name: letter * size for name, size in sizes.items()}
        body = coded.body(values)
        try:
            is_right = len(body) == coded.length and decompress(body) == plain.body(values)
        except (brotli.error, zlib.error):
            is_right = False
        if not is_right:
            raise CannotSpliceError
    return coded
