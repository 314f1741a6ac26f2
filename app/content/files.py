"""Uploads become a part of an item: checked, brought into the form that pages need, and kept sealed."""

import io
from dataclasses import replace
from typing import Any, BinaryIO

from app.content.pictures import FORMATS
from app.content.shapes import Picture
from app.files.blobs import keep
from app.files.models import StoredFile
from app.files.pdf import prepare_pdf
from app.files.pictures import check_picture, prepare_picture
from app.files.recordings import check_captions, check_recording
from app.files.sniff import head_of

PDF = "application/pdf"
PDF_MARK = b"%PDF-"


def keep_file(what: str, body: Any, source: BinaryIO, name: str, alt: str = "") -> Any:
    """Return the body with an uploaded file in it; the file's rows are added to the session.

    ``what`` is ``picture``, ``study``, ``recording`` or ``captions``. Raises UnusableFileError, which says
    in words what is wrong with the file.
    """
    return {
        "picture": _with_picture,
        "study": _with_study,
        "recording": _with_recording,
        "captions": _with_captions,
    }[what](body, source, name, alt)


def keep_document(source: BinaryIO, name: str) -> StoredFile:
    """Keep the document that shows a permission, a PDF or a picture; raise UnusableFileError for others."""
    if PDF_MARK in head_of(source):
        with prepare_pdf(source) as prepared:
            return keep(prepared.content, PDF, name)
    check_picture(source)
    source.seek(0)
    return keep(source, "application/octet-stream", name)


def _with_picture(body: Any, source: BinaryIO, _name: str, alt: str) -> Any:
    return replace(body, picture=_kept_picture(prepare_picture(source), alt))


def _with_study(body: Any, source: BinaryIO, name: str, _alt: str) -> Any:
    with prepare_pdf(source) as prepared:
        stored = keep(prepared.content, PDF, name)
        return replace(
            body,
            file=str(stored.id),
            pages=prepared.pages,
            size=stored.size,
            picture=_kept_picture(prepared.first_page, ""),
        )


def _with_recording(body: Any, source: BinaryIO, name: str, _alt: str) -> Any:
    media_type = check_recording(source)
    source.seek(0)
    stored = keep(source, media_type, name)
    return replace(body, recording=str(stored.id), recording_type=media_type)


def _with_captions(body: Any, source: BinaryIO, name: str, _alt: str) -> Any:
    return replace(body, captions=str(keep(io.BytesIO(check_captions(source)), "text/vtt", name).id))


def _kept_picture(prepared: Any, alt: str) -> Picture:
    """Keep every size and format of a picture."""
    files = {
        name: str(keep(io.BytesIO(content), FORMATS[name.rpartition(".")[2]], "").id)
        for name, content in prepared.variants.items()
    }
    return Picture(alt=alt, width=prepared.width, height=prepared.height, files=files)
