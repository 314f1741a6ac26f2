import hashlib
import io
import random
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.crypto import CannotOpenError
from app.core.database import db
from app.files.blobs import ADDED_BYTES, CHUNK_BYTES, forget, keep, open_file
from app.files.models import StoredFile
from tests.support.engines import ON_SQLITE

pytestmark = ON_SQLITE

SEALED_CHUNK = CHUNK_BYTES + ADDED_BYTES
SIZE = 3 * CHUNK_BYTES + 1234
CONTENT = random.Random(1).randbytes(SIZE)
CANARY = b"canary-of-a-file: her letter from the hospital"


@pytest.fixture
def file(context: Flask) -> StoredFile:
    """A file of three chunks and a part."""
    return keep(io.BytesIO(CONTENT), "application/pdf", "canary-name.pdf")


def stored(app: Flask, file: StoredFile) -> Path:
    (path,) = Path(app.config["FILES_FOLDER"]).rglob(file.id.hex)
    return path


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, SIZE])
def test_a_file_of_any_size_comes_back_as_it_was(context: Flask, size: int) -> None:
    content = CONTENT[:size]
    file = keep(io.BytesIO(content), "video/mp4", "a film.mp4")
    db.session.commit()
    db.session.expire_all()

    assert open_file(file).read() == content
    assert (file.size, file.digest) == (size, hashlib.sha256(content).digest())
    assert (file.media_type, file.name) == ("video/mp4", "a film.mp4")
    assert stored(context, file).stat().st_size == size + -(-size // CHUNK_BYTES) * ADDED_BYTES


def test_a_file_is_kept_from_its_start_wherever_it_was_read_to(context: Flask) -> None:
    source = io.BytesIO(CONTENT)
    source.seek(99)

    assert open_file(keep(source, "video/mp4")).read() == CONTENT


def test_a_source_that_gives_little_at_a_time_is_kept_the_same(context: Flask) -> None:
    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size or 0, 5000))

    assert open_file(keep(Slow(CONTENT), "video/mp4")).read() == CONTENT


def test_a_file_without_a_name_has_none(context: Flask) -> None:
    assert keep(io.BytesIO(b"abc"), "text/vtt").name is None


@given(start=st.integers(0, SIZE + 10), length=st.integers(0, SIZE + 10))
@settings(max_examples=150)
def test_any_range_equals_that_of_the_original(file: StoredFile, start: int, length: int) -> None:
    reader = open_file(file)
    reader.seek(start)

    assert io.BufferedReader(reader).read(length) == CONTENT[start : start + length]


def test_a_reader_goes_to_places_as_any_file_does(file: StoredFile) -> None:
    reader, original = open_file(file), io.BytesIO(CONTENT)
    assert reader.readable()
    assert reader.seekable()
    assert not reader.writable()

    for offset, whence in ((10, 0), (70_000, 1), (-5, 1), (-100, 2), (5, 2), (0, 0)):
        assert reader.seek(offset, whence) == original.seek(offset, whence) == reader.tell()
        assert reader.read(7) == original.read(7)
    with pytest.raises(ValueError, match="before the start"):
        reader.seek(-1)


def test_reading_a_part_opens_no_other_chunk(context: Flask, file: StoredFile) -> None:
    spoil(stored(context, file), 2 * SEALED_CHUNK + 100)
    reader = open_file(file)

    assert reader.read(CHUNK_BYTES) == CONTENT[:CHUNK_BYTES]
    reader.seek(3 * CHUNK_BYTES)
    assert reader.read(10) == CONTENT[3 * CHUNK_BYTES :][:10]
    reader.seek(2 * CHUNK_BYTES)
    with pytest.raises(CannotOpenError, match="altered or moved"):
        reader.read(1)


@pytest.mark.parametrize("place", [0, 3, 10, 17, 5000, SEALED_CHUNK - 1])
def test_any_altered_byte_of_a_chunk_makes_it_fail(context: Flask, file: StoredFile, place: int) -> None:
    spoil(stored(context, file), SEALED_CHUNK + place)

    with pytest.raises(CannotOpenError):
        open_file(file).read()


def test_chunks_in_another_order_do_not_open(context: Flask, file: StoredFile) -> None:
    path = stored(context, file)
    sealed = path.read_bytes()
    first, second, rest = (
        sealed[:SEALED_CHUNK],
        sealed[SEALED_CHUNK:][:SEALED_CHUNK],
        sealed[2 * SEALED_CHUNK :],
    )
    path.write_bytes(second + first + rest)

    with pytest.raises(CannotOpenError):
        open_file(file).read(1)


def test_another_files_content_does_not_open(context: Flask, file: StoredFile) -> None:
    other = keep(io.BytesIO(CONTENT), "application/pdf")
    stored(context, file).write_bytes(stored(context, other).read_bytes())

    with pytest.raises(CannotOpenError):
        open_file(file).read(1)


@pytest.mark.parametrize(
    "left", [0, 1, SEALED_CHUNK, 3 * SEALED_CHUNK, 3 * SEALED_CHUNK + 1234 + ADDED_BYTES - 1]
)
def test_content_that_was_cut_short_is_not_opened_at_all(context: Flask, file: StoredFile, left: int) -> None:
    path = stored(context, file)
    path.write_bytes(path.read_bytes()[:left])

    with pytest.raises(CannotOpenError, match="cut short"):
        open_file(file)


def test_content_that_was_added_to_is_not_opened_at_all(context: Flask, file: StoredFile) -> None:
    with stored(context, file).open("ab") as end:
        end.write(b"x")

    with pytest.raises(CannotOpenError, match="added to"):
        open_file(file)


def test_a_file_that_was_forgotten_is_gone(context: Flask, file: StoredFile) -> None:
    forget(file)
    forget(file)

    assert list(Path(context.config["FILES_FOLDER"]).rglob(file.id.hex)) == []
    with pytest.raises(CannotOpenError, match="not there"):
        open_file(file)


def test_nothing_of_a_file_or_its_name_can_be_read_at_rest(context: Flask, tmp_path: Path) -> None:
    file = keep(io.BytesIO(CANARY * 5000), "application/pdf", "canary-name-of-a-file.pdf")
    db.session.commit()

    assert open_file(file).read(len(CANARY)) == CANARY
    at_rest = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert stored(context, file) in at_rest
    for path in at_rest:
        content = path.read_bytes()
        assert b"canary-of-a-file" not in content, path.name
        assert b"canary-name-of-a-file" not in content, path.name
        assert "canary" not in path.name


def spoil(path: Path, place: int) -> None:
    """Change one byte of a file."""
    sealed = bytearray(path.read_bytes())
    sealed[place] ^= 1
    path.write_bytes(sealed)
