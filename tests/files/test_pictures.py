import io
import struct
import time
import zlib
from collections.abc import Callable
from typing import Any, BinaryIO

import pytest
from flask import Flask
from PIL import Image, ImageCms, PngImagePlugin, TiffImagePlugin

from app.files.pictures import check_picture, prepare_picture
from app.files.sniff import LARGEST_PICTURE_BYTES
from tests.files.making import file_of, picture, refusal
from tests.support.engines import ON_SQLITE

NOT_A_PICTURE = "This is not a picture that we can read."
TOO_MANY = "This picture has more than 50 million pixels. Make it smaller and upload it again."
DAMAGED = "This picture is damaged or not complete."
KINDS = ("avif", "webp", "jpg")
CANARY = "canary-in-a-picture"
Check = Callable[[BinaryIO], object]
CHECKS = pytest.mark.parametrize("check", [prepare_picture, check_picture])
"""What refuses a picture refuses it wherever one is sent."""


def variants(content: bytes) -> dict[str, Image.Image]:
    prepared = prepare_picture(file_of(content))
    return {name: Image.open(io.BytesIO(variant)) for name, variant in prepared.variants.items()}


def is_red(pixel: Any) -> bool:
    red, green, blue = pixel[:3]
    return bool(red > 200 and green < 60 and blue < 60)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF", "BMP"])
def test_every_kind_of_picture_that_is_taken_comes_out_in_every_kind_that_is_shown(kind: str) -> None:
    prepared = prepare_picture(file_of(picture(800, 600, kind=kind)))

    assert (prepared.width, prepared.height) == (800, 600)
    assert set(prepared.variants) == {f"{width}.{shown}" for width in (320, 640) for shown in KINDS}
    for name, content in prepared.variants.items():
        image = Image.open(io.BytesIO(content))
        assert f"{image.width}.{str(image.format).lower().replace('jpeg', 'jpg')}" == name
        assert image.height == image.width * 3 // 4
        assert is_red(image.convert("RGB").getpixel((10, 10))), name


@pytest.mark.parametrize(
    ("width", "widths"),
    [
        (1, {1}),
        (319, {319}),
        (320, {320}),
        (1279, {320, 640}),
        (1280, {320, 640, 1280}),
        (4000, {320, 640, 1280}),
    ],
)
def test_no_picture_is_made_larger(width: int, widths: set[int]) -> None:
    made = variants(picture(width, max(1, width // 2)))

    assert {image.width for image in made.values()} == widths
    assert {int(name.split(".")[0]) for name in made} == widths


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_pictures_of_any_colours_are_taken(mode: str) -> None:
    given = io.BytesIO()
    gradient = Image.linear_gradient("L").resize((400, 400))
    if mode == "I;16":
        image = Image.frombytes("I;16", (2, 1), b"\x00\x10\x00\xf0").resize(
            (400, 400), Image.Resampling.NEAREST
        )
    else:
        image = gradient.convert(mode)
    image.save(given, "PNG")

    shown = variants(given.getvalue())["320.webp"].convert("L")
    darkest, lightest = shown.getextrema()
    assert isinstance(darkest, int)
    assert isinstance(lightest, int)
    assert darkest < 30
    assert lightest > 225


def test_a_picture_made_for_printing_is_shown_in_the_colours_of_a_screen() -> None:
    for kind in ("JPEG", "TIFF"):
        given = io.BytesIO()
        Image.new("CMYK", (400, 300), (0, 255, 255, 0)).save(given, kind)

        assert is_red(variants(given.getvalue())["320.jpg"].getpixel((100, 100)))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "TIFF", "WEBP"])
def test_a_picture_stands_upright(orientation: int, kind: str) -> None:
    upright = Image.new("RGB", (400, 300), "white")
    upright.paste("red", (0, 0, 100, 75))  # its first corner
    turned_back = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    given = io.BytesIO()
    (upright if turned_back is None else upright.transpose(turned_back)).save(given, kind, exif=exif)

    prepared = prepare_picture(file_of(given.getvalue()))

    assert (prepared.width, prepared.height) == (400, 300)
    for name, content in prepared.variants.items():
        image = Image.open(io.BytesIO(content)).convert("RGB")
        assert image.size == (320, 240), name
        assert is_red(image.getpixel((20, 20))), name
        assert not is_red(image.getpixel((300, 220))), name


def with_metadata(kind: str) -> bytes:
    exif = Image.Exif()
    exif[0x010E] = exif[0x013B] = CANARY
    exif.get_ifd(0x8825).update({1: "N", 2: (37.0, 23.0, 1.5), 3: "W", 4: (5.0, 59.0, 2.5), 29: CANARY})
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{CANARY}</x:xmpmeta>".encode()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    options: dict[str, Any] = {"exif": exif, "icc_profile": profile}
    if kind in {"JPEG", "WEBP", "AVIF"}:
        options["xmp"] = xmp
    if kind == "JPEG":
        options["comment"] = CANARY
    if kind == "PNG":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_text("Author", CANARY)
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", xmp.decode())
    if kind == "TIFF":
        del options["exif"]
        tags = TiffImagePlugin.ImageFileDirectory_v2()
        tags[270], tags[315] = CANARY, CANARY
        options["tiffinfo"] = tags
    return picture(400, 300, kind=kind, **options)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
def test_nothing_but_pixels_is_kept_of_a_picture(kind: str) -> None:
    given = with_metadata(kind)
    assert CANARY.encode() in given

    prepared = prepare_picture(file_of(given))

    for name, content in prepared.variants.items():
        assert CANARY.encode() not in content, name
        for sign in (b"Exif\x00\x00", b"EXIF", b"XMP ", b"xmpmeta", b"ICC_PROFILE", b"ICCP", b"colrprof"):
            assert sign not in content, (name, sign)
        image = Image.open(io.BytesIO(content))
        assert len(image.getexif()) == 0, name
        assert not {"exif", "xmp", "icc_profile", "comment", "XML:com.adobe.xmp"} & image.info.keys(), name


def test_colours_that_a_profile_means_otherwise_are_turned_into_those_of_a_screen() -> None:
    swapped = Image.new("RGB", (320, 320), (200, 100, 50))
    linear = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for profile in (linear, lab, b"no profile at all"):
        given = io.BytesIO()
        swapped.save(given, "PNG", icc_profile=profile)

        image = variants(given.getvalue())["320.jpg"]

        assert image.mode == "RGB"
        assert image.size == (320, 320)


def test_a_moving_picture_stands_still_at_its_beginning() -> None:
    given = io.BytesIO()
    frames = [Image.new("RGB", (320, 320), colour) for colour in ("red", "blue", "green")]
    frames[0].save(given, "GIF", save_all=True, append_images=frames[1:])

    for name, image in variants(given.getvalue()).items():
        assert getattr(image, "n_frames", 1) == 1, name
        assert is_red(image.convert("RGB").getpixel((50, 50))), name


def test_what_is_transparent_is_white_where_nothing_can_be_transparent() -> None:
    given = io.BytesIO()
    Image.new("RGBA", (320, 320), (255, 0, 0, 0)).save(given, "PNG")

    made = variants(given.getvalue())

    assert made["320.jpg"].getpixel((50, 50)) == (255, 255, 255)
    for kind in ("webp", "avif"):
        assert made[f"320.{kind}"].convert("RGBA").getchannel("A").getextrema() == (0, 0)


@ON_SQLITE
@CHECKS
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This file is empty."),
        (b"<!doctype html><title>canary</title>", NOT_A_PICTURE),
        (b"%PDF-1.7\n", NOT_A_PICTURE),
        (b"\xff\xd8\xff\xe0 not more than a beginning", NOT_A_PICTURE),
        (b"\x89PNG\r\n\x1a\n", NOT_A_PICTURE),
        (b"GIF89a", NOT_A_PICTURE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "We cannot take drawings in the format SVG."),
        (b"<?xml version='1.0'?>\n<!-- drawn -->\n<SVG/>", "We cannot take drawings in the format SVG."),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "This picture is in the format HEIC"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", NOT_A_PICTURE),
    ],
)
def test_what_is_no_picture_is_refused_in_words(
    context: Flask, check: Check, content: bytes, words: str
) -> None:
    assert refusal(check, content).startswith(words)


@ON_SQLITE
@CHECKS
def test_a_picture_over_the_limit_is_refused_in_words(context: Flask, check: Check) -> None:
    words = refusal(check, bytes(LARGEST_PICTURE_BYTES + 1))

    assert words == "This file is larger than 30 MB. Make it smaller and upload it again."


@ON_SQLITE
@CHECKS
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF", "BMP"])
def test_a_picture_that_was_cut_short_is_refused(context: Flask, check: Check, kind: str) -> None:
    whole = picture(500, 400, kind=kind)

    for part in (0.3, 0.7, 0.95):
        words = refusal(check, whole[: int(len(whole) * part)])
        assert words.startswith((DAMAGED, NOT_A_PICTURE)), (part, words)


@ON_SQLITE
@CHECKS
def test_a_bomb_is_refused_before_it_goes_off(context: Flask, check: Check) -> None:
    png, gif, bmp = (bytearray(picture(9, 9, kind=kind)) for kind in ("PNG", "GIF", "BMP"))
    png[16:24] = struct.pack(">II", 100_000, 100_000)
    png[29:33] = struct.pack(">I", zlib.crc32(png[12:29]))
    gif[6:10] = struct.pack("<HH", 60_000, 60_000)
    bmp[18:26] = struct.pack("<II", 100_000, 100_000)
    bombs = [bytes(png), bytes(gif), bytes(bmp)]
    for kind in ("PNG", "TIFF"):
        made = io.BytesIO()
        Image.new("1", (8000, 6300)).save(made, kind)
        bombs.append(made.getvalue())

    started = time.process_time()
    assert [refusal(check, bomb) for bomb in bombs] == [TOO_MANY] * len(bombs)
    assert time.process_time() - started < 0.5


@ON_SQLITE
@CHECKS
def test_a_jpeg_that_is_drawn_over_and_over_is_refused(context: Flask, check: Check) -> None:
    once = picture(500, 400, kind="JPEG", progressive=True)
    start = once.rindex(b"\xff\xda")
    wicked = once[:start] + once[start:-2] * 200 + once[-2:]

    assert refusal(check, once) == ""
    assert refusal(check, wicked).startswith(DAMAGED)


@ON_SQLITE
@CHECKS
@pytest.mark.parametrize("size", [(100, 501), (501, 100)])
def test_a_picture_that_is_all_length_is_refused_in_words(
    context: Flask, check: Check, size: tuple[int, int]
) -> None:
    words = refusal(check, picture(*size))

    assert words.startswith("This picture is more than 5 times longer than the other way. Cut it")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF", "BMP"])
def test_a_check_takes_every_kind_of_picture_that_could_be_kept(kind: str) -> None:
    assert refusal(check_picture, picture(800, 600, kind=kind)) == ""


def test_what_hides_behind_a_picture_does_not_come_through() -> None:
    behind = b"<script>canary()</script>PK\x03\x04canary"

    for kind in ("JPEG", "PNG", "GIF"):
        prepared = prepare_picture(file_of(picture(400, 300, kind=kind) + behind))

        assert all(b"canary" not in content for content in prepared.variants.values())


def test_a_photograph_of_a_telephone_is_ready_soon() -> None:
    noise = Image.effect_noise((1000, 750), 80).resize((4000, 3000)).convert("RGB")
    given = io.BytesIO()
    noise.save(given, "JPEG", quality=90)

    started = time.process_time()
    prepared = prepare_picture(file_of(given.getvalue()))

    assert len(prepared.variants) == 9
    assert time.process_time() - started < 8  # on two cores, four by the clock
