import os
import resource
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.files.storage import FolderStorage, StorageUnavailableError

KEY, OTHER = "0123456789abcdef" * 2, "fedcba9876543210" * 2
LATER = datetime.now(UTC) + timedelta(days=1)
ROOT = Path(__file__).parents[2]
FILL_UP = """
import resource, sys
from pathlib import Path
from app.files.storage import FolderStorage, StorageUnavailableError
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    FolderStorage(Path(sys.argv[1])).write(sys.argv[2], iter([bytes(60_000)] * 3))
except StorageUnavailableError:
    print("refused")
"""


@pytest.fixture
def folder(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path / "files")


def everything(folder: FolderStorage) -> list[Path]:
    return [path for path in folder.root.rglob("*") if path.is_file()]


def test_what_was_written_is_read_from_any_place(folder: FolderStorage) -> None:
    folder.write(KEY, [b"abc", b"", b"defgh"])

    assert folder.read(KEY, 0, 100) == b"abcdefgh"
    assert folder.read(KEY, 2, 3) == b"cde"
    assert folder.read(KEY, 8, 3) == b""


def test_only_the_owner_may_read_it(folder: FolderStorage) -> None:
    folder.write(KEY, [b"abc"])

    (path,) = everything(folder)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {stat.S_IMODE(each.stat().st_mode) for each in (folder.root, path.parent)} == {0o700}


def test_content_whose_source_fails_halfway_is_not_there(folder: FolderStorage) -> None:
    def parts() -> Iterator[bytes]:
        yield bytes(100_000)
        raise RuntimeError("the connection was lost")

    with pytest.raises(RuntimeError):
        folder.write(KEY, parts())

    assert everything(folder) == []
    with pytest.raises(KeyError):
        folder.read(KEY, 0, 1)


def test_a_full_disk_leaves_nothing_half_written(folder: FolderStorage) -> None:
    command = [sys.executable, "-c", FILL_UP, str(folder.root), KEY]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)

    assert ended.stdout == "refused\n"
    assert everything(folder) == []
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 100_000
    folder.write(KEY, [bytes(200_000)])
    assert len(folder.read(KEY, 0, 300_000)) == 200_000


def test_a_place_that_is_no_folder_is_told_as_something_that_passes(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("")
    folder = FolderStorage(tmp_path / "files")

    with pytest.raises(StorageUnavailableError) as failed:
        folder.write(KEY, [b"abc"])
    with pytest.raises(StorageUnavailableError):
        folder.read(KEY, 0, 1)

    assert str(tmp_path) not in str(failed.value)


def test_what_was_deleted_is_gone_and_deleting_it_again_does_nothing(folder: FolderStorage) -> None:
    folder.write(KEY, [b"abc"])
    folder.delete(KEY)
    folder.delete(KEY)

    with pytest.raises(KeyError):
        folder.read(KEY, 0, 1)


def test_keys_are_told_of_what_was_written_before(folder: FolderStorage) -> None:
    folder.write(KEY, [b"abc"])
    folder.write(OTHER, [b"abc"])
    yesterday = datetime.now(UTC) - timedelta(days=1)
    os.utime(folder.path(OTHER), (0, 0))

    assert sorted(folder.keys(LATER)) == [KEY, OTHER]
    assert list(folder.keys(yesterday)) == [OTHER]


def test_an_empty_storage_has_no_keys(folder: FolderStorage) -> None:
    assert list(folder.keys(LATER)) == []
    assert folder.tidy(LATER) == 0


def test_what_a_killed_writer_left_is_no_content_and_is_tidied_away(folder: FolderStorage) -> None:
    folder.write(KEY, [b"abc"])
    left = folder.path(OTHER).with_name(f"{OTHER}.00c0ffee.part")
    left.parent.mkdir()
    left.write_bytes(b"half of")

    assert list(folder.keys(LATER)) == [KEY]
    assert folder.tidy(datetime.now(UTC) - timedelta(days=1)) == 0
    assert folder.tidy(LATER) == 1
    assert everything(folder) == [folder.path(KEY)]


@pytest.mark.parametrize("key", ["", "../../etc/passwd", KEY.upper(), KEY[:-1], f"{KEY}\n", f"/{KEY[1:]}"])
def test_what_is_no_key_reaches_no_file(folder: FolderStorage, key: str) -> None:
    for act in (lambda: folder.read(key, 0, 1), lambda: folder.write(key, []), lambda: folder.delete(key)):
        with pytest.raises(ValueError, match="not a key"):
            act()
