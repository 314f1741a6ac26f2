"""Pictures as pages show them: in every size and format, so that a browser fetches the one it needs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.content.shapes import Picture

FORMATS = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
"""Best first; the last one is what every browser reads."""
FALLBACK_WIDTH = 640
"""What a browser gets that knows no list of sizes, in pixels."""

Address = Callable[[str], str]
"""Returns where a file is, by its name among ``shapes.named_files``."""


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture with the addresses of its files."""

    alt: str
    width: int
    height: int
    sources: Sequence[tuple[str, str]]
    """Media type and ``srcset`` of each format before the last."""
    srcset: str
    """Of the last format."""
    address: str
    """One file of the last format."""


def shown_picture(picture: Picture, address: Address, alt: str = "") -> ShownPicture | None:
    """Return a picture as pages show it, or None where there is none; ``alt`` if it has no own words."""
    found = {ending: set_of(picture, ending, address) for ending in FORMATS}
    *better, last = FORMATS
    if not found[last]:
        return None
    return ShownPicture(
        alt=picture.alt or alt,
        width=picture.width,
        height=picture.height,
        sources=[(FORMATS[ending], found[ending]) for ending in better if found[ending]],
        srcset=found[last],
        address=address(f"picture-{largest(picture, FALLBACK_WIDTH)}.{last}"),
    )


def set_of(picture: Picture, ending: str, address: Address) -> str:
    """Return the ``srcset`` of one format."""
    return ", ".join(f"{address(f'picture-{width}.{ending}')} {width}w" for width in widths(picture, ending))


def widths(picture: Picture, ending: str) -> list[int]:
    """Return the widths that a format is there in, the smallest first."""
    stems = (name.removesuffix(f".{ending}") for name in picture.files if name.endswith(f".{ending}"))
    return sorted(int(stem) for stem in stems)


def largest(picture: Picture, limit: int) -> int:
    """Return the largest width in the last format up to ``limit``, or the smallest there is."""
    there = widths(picture, list(FORMATS)[-1])
    return max((width for width in there if width <= limit), default=there[0])
