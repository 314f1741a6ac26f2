"""The same page and the same form in Django 5, made the way Django's own documentation does it.

It is served as ``bench.references.django_site.wsgi:app`` in the environment that ``environment_of`` gives.
"""

import os
import subprocess
import sys
from pathlib import Path

from tools.bootstrap import ROOT


def environment_of(database_url: str, information: Path) -> dict[str, str]:
    """Return the environment of the site on a database, with the file of the information's HTML."""
    return {
        "DJANGO_SETTINGS_MODULE": "bench.references.django_site.settings",
        "PEER_DATABASE_URL": database_url,
        "PEER_INFORMATION": str(information),
    }


def make_tables(environ: dict[str, str]) -> None:
    """Make the tables on an empty database."""
    command = [sys.executable, "-m", "django", "migrate", "--run-syncdb", "--verbosity", "0"]
    subprocess.run(command, env={**os.environ, **environ}, cwd=ROOT, check=True)
