"""Pictures: decoded, turned upright, and written anew in a few widths, with nothing but their pixels."""

import io
import warnings
from dataclasses import dataclass
from typing import Any, BinaryIO

from flask_babel import lazy_gettext as _l
from PIL import ExifTags, Image, ImageCms

from app.files.sniff import (
    LARGEST_PICTURE_BYTES,
    MEGABYTE,
    UnusableFileError,
    head_of,
    refuse_empty_or_larger,
)

MOST_PIXELS = 50_000_000
LONGEST_SHAPE = 5
"""How many times longer than the other a side may be."""
MOST_SCANS = 100
"""Scans of a progressive JPEG: each makes a decoder go over the whole picture, and cameras write ten."""
WIDTHS = (320, 640, 1280)
FORMATS = ["JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF", "BMP"]
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}

NOT_A_PICTURE = _l("This is not a picture that we can read. Save it as JPEG or PNG and upload that.")
HEIC = _l(
    "This picture is in the format HEIC, which most browsers cannot show. On the phone, open it, choose "
    "Share or Export and save it as JPEG; then upload that."
)
SVG = _l("We cannot take drawings in the format SVG. Export it as PNG and upload that.")
TOO_MANY_PIXELS = _l(
    "This picture has more than %(limit)s million pixels. Make it smaller and upload it again."
)
TOO_LONG = _l(
    "This picture is more than %(limit)s times longer than the other way. Cut it to what matters and upload "
    "it again."
)
DAMAGED = _l("This picture is damaged or not complete. Save it again as JPEG or PNG and upload that.")

TURNINGS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What turns a picture upright, by its orientation (Exif 3.0, tag 0x0112)."""
SIDEWAYS = {TURNINGS[orientation] for orientation in (5, 6, 7, 8)}
SRGB = ImageCms.createProfile("sRGB")

AVIF_QUALITY, AVIF_SPEED, AVIF_TOP_SPEED = 55, 6, 9
"""Measured on two cores with a photograph, 1280 x 960: 0.7 s at speed 6, and 2.9 s at 5 for the same size."""
MANY_AVIF_PIXELS = 2_500_000
WEBP_QUALITY = 75
JPEG_QUALITY = 78


@dataclass(frozen=True)
class PreparedPicture:
    """A picture that can be kept: its size upright, in pixels, and its files by ``<width>.<format>``."""

    width: int
    height: int
    variants: dict[str, bytes]


def prepare_picture(source: BinaryIO) -> PreparedPicture:
    """Return an uploaded picture in every width and format; raise UnusableFileError if it is none.

    Of what the file holds besides its pixels (place and time taken, camera, names) nothing is kept.
    """
    image = opened(source)
    width, height = image.size
    picture, turning = decoded(image)
    if turning in SIDEWAYS:
        width, height = height, width
    return PreparedPicture(width, height, written(picture, turning, width))


def check_picture(source: BinaryIO) -> None:
    """Raise UnusableFileError unless the file is a picture that ``prepare_picture`` would take."""
    decoded(opened(source))


def variants_of(image: Image.Image) -> PreparedPicture:
    """Return a picture of our own making in every width and format."""
    return PreparedPicture(image.width, image.height, written(with_whole_colours(image), None, image.width))


def opened(source: BinaryIO) -> Image.Image:
    """Return a picture of which only the size is read yet; raise UnusableFileError if it cannot be taken."""
    refuse_empty_or_larger(source, LARGEST_PICTURE_BYTES)
    refuse_others(head_of(source))
    refuse_many_scans(source)
    try:
        with warnings.catch_warnings():
            # Pillow only warns, and at a limit that is not ours.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(source, formats=FORMATS)
    except Image.DecompressionBombError:
        raise too_many_pixels() from None
    except Exception:  # a decoder can fail at a malformed file in any way
        raise UnusableFileError(NOT_A_PICTURE) from None
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise too_many_pixels()
    if max(width, height) > LONGEST_SHAPE * min(width, height):
        raise UnusableFileError(TOO_LONG, limit=LONGEST_SHAPE)
    return image


def decoded(image: Image.Image) -> tuple[Image.Image, Image.Transpose | None]:
    """Return an opened picture's pixels, and what turns them upright; raise UnusableFileError if damaged."""
    try:
        # A JPEG can be decoded at a half or quarter of its size; for others this does nothing.
        image.draft(None, (2 * WIDTHS[-1], 2 * WIDTHS[-1]))
        image.load()
        picture = with_whole_colours(image)
        turning = TURNINGS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:
        raise UnusableFileError(DAMAGED) from None
    return picture, turning


def refuse_others(head: bytes) -> None:
    """Say what to do with a file of a kind that is often tried."""
    if head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS:
        raise UnusableFileError(HEIC)
    if b"<svg" in head.lower():
        raise UnusableFileError(SVG)


def refuse_many_scans(source: BinaryIO) -> None:
    """Refuse a JPEG that takes minutes to decode."""
    scans, tail = 0, b""
    if head_of(source)[:2] != b"\xff\xd8":
        return
    while part := source.read(MEGABYTE):
        scans += (tail + part).count(b"\xff\xda")
        tail = part[-1:]
    source.seek(0)
    if scans > MOST_SCANS:
        raise UnusableFileError(DAMAGED)


def too_many_pixels() -> UnusableFileError:
    """Return the refusal of a picture that would fill the memory."""
    return UnusableFileError(TOO_MANY_PIXELS, limit=MOST_PIXELS // 1_000_000)


def written(image: Image.Image, turning: Image.Transpose | None, width: int) -> dict[str, bytes]:
    """Return the files of a decoded picture, whose width is ``width`` when it is turned upright."""
    widths = [one for one in WIDTHS if one <= width] or [width]
    largest = plain(upright(image, turning, widths[-1]))
    files: dict[str, bytes] = {}
    for one in widths:
        scaled = sized(largest, one)
        files |= {f"{one}.{kind}": encode(scaled) for kind, encode in ENCODERS.items()}
    return files


def upright(image: Image.Image, turning: Image.Transpose | None, width: int) -> Image.Image:
    """Return a picture made smaller to ``width`` upright, and then turned: turning a large one costs more."""
    if turning is None:
        return sized(image, width)
    if turning not in SIDEWAYS:
        return sized(image, width).transpose(turning)
    height = max(1, round(image.width * width / image.height))
    return image.resize((height, width), Image.Resampling.LANCZOS).transpose(turning)


def sized(image: Image.Image, width: int) -> Image.Image:
    """Return a picture in another width and the same shape."""
    if image.width == width:
        return image
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS)


def with_whole_colours(image: Image.Image) -> Image.Image:
    """Return a picture whose pixels can be mixed: no palette, no single bits."""
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode.startswith("I;16"):
        return image.point(lambda value: value * (1 / 256)).convert("L")
    return image if image.mode in {"L", "RGB", "CMYK"} else image.convert("RGB")


def plain(image: Image.Image) -> Image.Image:
    """Return a picture in sRGB that carries nothing but pixels."""
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    profile = image.info.get("icc_profile")
    image = (in_srgb(image, profile, mode) if profile else image).convert(mode)
    bare = Image.new(mode, image.size)
    bare.paste(image)
    return bare


def in_srgb(image: Image.Image, profile: bytes, mode: str) -> Image.Image:
    """Return a picture's colours as its profile means them; as they stand, if nobody understands it."""
    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        made = ImageCms.profileToProfile(image, given, SRGB, outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return made or image


def avif(image: Image.Image) -> bytes:
    """Return a picture as AVIF; a tall one at a speed that keeps it under two seconds."""
    speed = AVIF_SPEED if image.width * image.height <= MANY_AVIF_PIXELS else AVIF_TOP_SPEED
    return saved(image, "AVIF", quality=AVIF_QUALITY, speed=speed)


def webp(image: Image.Image) -> bytes:
    """Return a picture as WebP."""
    return saved(image, "WEBP", quality=WEBP_QUALITY, method=4)


def jpeg(image: Image.Image) -> bytes:
    """Return a picture as JPEG, on white where it is transparent."""
    if image.mode == "RGBA":
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=image.getchannel("A"))
        image = white
    return saved(image, "JPEG", quality=JPEG_QUALITY, optimize=True, progressive=True)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    """Return a picture in a format."""
    made = io.BytesIO()
    image.save(made, kind, **options)
    return made.getvalue()


ENCODERS = {"avif": avif, "webp": webp, "jpg": jpeg}
