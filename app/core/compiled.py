"""Templates that the build compiled: the first visitor of a page does not wait for that.

A template that changed since is compiled when it is used, as all are where nothing was built.
"""

import shutil
from pathlib import Path

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

COMPILED = Path(__file__).parent.parent / "compiled"


class BuiltTemplates(FileSystemBytecodeCache):
    """What the build made. What serves pages writes nothing there: its disk may be read-only."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep nothing."""


def init_compiled(app: Flask) -> None:
    """Take templates from what the build made."""
    app.jinja_env.bytecode_cache = BuiltTemplates(str(COMPILED))


def compile_templates(app: Flask) -> None:
    """Compile every template anew."""
    shutil.rmtree(COMPILED, ignore_errors=True)
    COMPILED.mkdir()
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(COMPILED))
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
