"""The CRC-32 of a text of which only a few parts of fixed length change, without reading it again.

The CRC is affine: each part changes it by what the part's own CRC becomes with the rest of the text behind
it. That is linear in the 32 bits, and four look-ups tell it, one for each byte.
"""

import zlib
from collections.abc import Sequence

Tables = list[list[int]]
"""What a number of zero bytes makes of each byte of a CRC-32, of its lowest first."""


class ChangingChecksum:
    """The CRC-32 of a text with holes."""

    def __init__(self, text: bytes, holes: Sequence[tuple[int, int]]) -> None:
        """Read a text once that has zero bytes in its holes; each hole is its start and its end."""
        self.start = zlib.crc32(text)
        self.tables = [shift_tables(len(text) - end) for _start, end in holes]
        for (start, end), tables in zip(holes, self.tables, strict=True):
            self.start ^= shifted(zlib.crc32(bytes(end - start)), tables)

    def of(self, parts: Sequence[bytes]) -> int:
        """Return the CRC-32 of the text with these in its holes, each as long as its hole."""
        checksum = self.start
        for part, tables in zip(parts, self.tables, strict=True):
            checksum ^= shifted(zlib.crc32(part), tables)
        return checksum


def shift_tables(size: int) -> Tables:
    """Return the tables of so many zero bytes."""
    zeros = bytes(size)
    nothing = zlib.crc32(zeros)
    bits = [zlib.crc32(zeros, 1 << bit) ^ nothing for bit in range(32)]
    return [byte_table(bits[place : place + 8]) for place in range(0, 32, 8)]


def byte_table(bits: Sequence[int]) -> list[int]:
    """Return what becomes of every byte, from what becomes of each of its bits."""
    table = [0]
    for bit in bits:
        table += [bit ^ other for other in table]
    return table


def shifted(checksum: int, tables: Tables) -> int:
    """Return what the zero bytes of these tables make of a CRC-32."""
    first, second, third, fourth = tables
    return (
        first[checksum & 0xFF]
        ^ second[checksum >> 8 & 0xFF]
        ^ third[checksum >> 16 & 0xFF]
        ^ fourth[checksum >> 24]
    )
