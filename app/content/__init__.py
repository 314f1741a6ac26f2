"""Content that staff keep: the treatment page, studies, case studies, patients' stories."""

from flask import Flask

from app.content import editing, public
from app.content.kept import init_kept, treatment_is_published
from app.content.revalidated import init_revalidated
from app.core.commands import add_commands
from app.core.health import add_check


def init_app(app: Flask) -> None:
    """Add the pages for visitors and editors, and ``flask content``."""
    init_kept(app)
    init_revalidated(app)
    add_commands(app, "content", "app.content.cli:content")
    app.register_blueprint(public.blueprint)
    app.register_blueprint(editing.blueprint)
    add_check(app, "content", treatment_is_published)
