"""Content that staff keep: the treatment page, studies, case studies, patients' stories."""

from flask import Flask

from app.content import editing, public
from app.content.cli import content
from app.content.kept import init_kept, treatment_is_published
from app.core.health import add_check


def init_app(app: Flask) -> None:
    """Add the pages for visitors and editors, and ``flask content``."""
    init_kept(app)
    app.cli.add_command(content)
    app.register_blueprint(public.blueprint)
    app.register_blueprint(editing.blueprint)
    add_check(app, "content", treatment_is_published)
