"""The inquiry portal. ``create_app`` is the table of contents: every feature is set up here."""

import os
from collections.abc import Mapping
from pathlib import Path

from flask import Flask

import config
from app import accounts, audit, content, demo, desk, files, inquiries, outbox, site
from app.core.access import lead_elsewhere
from app.core.assets import init_assets
from app.core.commands import init_commands
from app.core.compiled import init_compiled
from app.core.cookies import init_cookies
from app.core.crypto import init_crypto
from app.core.database import init_database
from app.core.extensions import init_extensions
from app.core.health import init_health
from app.core.http import init_http
from app.core.i18n import init_i18n
from app.core.logs import init_logs
from app.core.rules import init_rules
from app.core.static import init_static

ROOT = Path(__file__).parent.parent


def create_app(environ: Mapping[str, str] | None = None) -> Flask:
    """Return the application, set up from ``environ`` (the process's own by default).

    Raises config.ConfigurationError when the environment cannot be used.
    """
    environ = os.environ if environ is None else environ
    instance = Path(environ.get("INSTANCE_PATH") or ROOT / "instance").absolute()
    app = Flask(
        __name__,
        instance_path=str(instance),
        template_folder=str(ROOT / "templates"),
        static_folder=None,
    )
    app.config.from_mapping(config.load(environ, instance))

    init_logs(app)
    init_commands(app)
    init_rules(app)
    init_cookies(app)
    init_crypto(app)
    init_database(app)
    init_extensions(app)
    init_compiled(app)
    init_i18n(app)
    init_assets(app)
    init_http(app)

    audit.init_app(app)
    accounts.init_app(app)
    init_health(app)
    outbox.init_app(app)
    files.init_app(app)
    content.init_app(app)
    inquiries.init_app(app)
    app.register_blueprint(site.blueprint)
    app.register_blueprint(desk.blueprint)
    demo.init_app(app)
    # Who signs in and has no queue to look at begins elsewhere.
    lead_elsewhere(app, "desk.queue", "editing.overview", "accounts.users", "accounts.account")
    site.init_front(app)
    init_static(app)
    return app
