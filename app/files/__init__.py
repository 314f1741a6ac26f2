"""Encrypted files: checked by content, sealed, stored behind one small interface, served by ranges."""

from flask import Flask, request

from app.core.commands import add_commands
from app.core.http import error_page
from app.core.logs import log
from app.core.typed import typed_texts
from app.files.storage import FolderStorage, StorageUnavailableError


def init_app(app: Flask) -> None:
    """Put the storage in its place, say when it does not answer, and add ``flask files``."""
    app.extensions["storage"] = FolderStorage(app.config["FILES_FOLDER"])
    app.register_error_handler(StorageUnavailableError, show_unavailable)
    add_commands(app, "files", "app.files.cli:files")


def show_unavailable(error: Exception) -> tuple[str, int]:
    """Say that a file can not be kept or read now, and that trying again helps."""
    log.warning("storage unavailable", endpoint=request.endpoint, exc_info=error)
    return error_page(503, typed_texts()), 503
