"""What stands out on the screen, whatever draws it."""

from collections.abc import Iterator
from io import BytesIO

from PIL import Image
from playwright.sync_api import Locator, Page

AROUND = 8
"""Pixels around an element that belong to its picture."""
STANDS_OUT = 3
"""WCAG 1.4.11: the contrast that a control, and its state, must have."""

Colour = tuple[int, int, int]


class Picture:
    """An element as it is seen, with a little of what is around it."""

    def __init__(self, page: Page, element: Locator) -> None:
        """Take the picture."""
        element.scroll_into_view_if_needed()
        box = element.bounding_box()
        assert box is not None
        clip = {
            "x": box["x"] - AROUND,
            "y": box["y"] - AROUND,
            "width": box["width"] + 2 * AROUND,
            "height": box["height"] + 2 * AROUND,
        }
        image = Image.open(BytesIO(page.screenshot(clip=clip))).convert("RGB")  # type: ignore[arg-type]
        self.width, self.height = image.size
        self.bytes = image.tobytes()

    def at(self, x: int, y: int) -> Colour:
        """Return the colour of a point."""
        place = 3 * (y * self.width + x)
        red, green, blue = self.bytes[place : place + 3]
        return red, green, blue

    def points(self) -> Iterator[Colour]:
        """Return the colour of each point, row by row."""
        return (self.at(x, y) for y in range(self.height) for x in range(self.width))

    def has_edge(self) -> bool:
        """Return whether a line is met on the way into the element from either side."""
        middle = self.height // 2
        left, right = range(2 * AROUND), range(self.width - 2 * AROUND, self.width)
        return all(
            any(contrast(self.at(x, middle), self.at(0, 0)) >= STANDS_OUT for x in way)
            for way in (left, right)
        )


def changed(before: Picture, after: Picture) -> int:
    """Return how many points became clearly lighter or darker."""
    assert (before.width, before.height) == (after.width, after.height)
    pairs = zip(before.points(), after.points(), strict=True)
    return sum(one != other and contrast(one, other) >= STANDS_OUT for one, other in pairs)


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast of two colours (WCAG 2.2)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: Colour) -> float:
    parts = (part / 255 for part in colour)
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
