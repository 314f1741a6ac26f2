import io
import os
from pathlib import Path

import pytest
from flask import Flask

from app.core.crypto import CannotOpenError
from app.core.database import db
from app.files.blobs import keep, open_file
from app.files.models import StoredFile

LONG_AGO = (0, 0)


def keep_one(app: Flask, *, old: bool) -> StoredFile:
    file = keep(io.BytesIO(b"abc"), "text/vtt")
    (path,) = Path(app.config["FILES_FOLDER"]).rglob(file.id.hex)
    if old:
        os.utime(path, LONG_AGO)
    return file


def sweep(app: Flask) -> str:
    result = app.test_cli_runner().invoke(args=["files", "sweep"])
    assert result.exit_code == 0, result.output
    return result.output


def test_sweeping_removes_old_content_without_a_row_and_nothing_else(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.files.sweeping.BATCH", 2)
    kept = [keep_one(context, old=True) for _ in range(5)]
    db.session.commit()
    lost = [keep_one(context, old=True) for _ in range(5)]
    young = keep_one(context, old=False)
    db.session.rollback()

    assert sweep(context) == "Removed: 5\n"
    for file in (*kept, young):
        assert open_file(file).read() == b"abc"
    for file in lost:
        with pytest.raises(CannotOpenError):
            open_file(file)
    assert sweep(context) == "Removed: 0\n"


def test_sweeping_where_nothing_was_ever_kept_does_nothing(context: Flask) -> None:
    assert sweep(context) == "Removed: 0\n"
