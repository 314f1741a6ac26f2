"""Imports go down the layers only, whether they stand at the top of a file or hide in a function."""

from pathlib import Path

import pytest

from tests.support.layers import faults

ROOT = Path(__file__).parent.parent


def test_every_import_of_the_application_goes_down_and_none_in_a_circle() -> None:
    assert faults(ROOT) == []


@pytest.mark.parametrize(
    ("planted", "told"),
    [
        ({"core/clock.py": "from app.site import routes"}, "app.core.clock:1 imports app.site.routes"),
        ({"core/clock.py": "import app.inquiries.models"}, "goes up"),
        ({"core/clock.py": "from app import create_app"}, "imports app: goes up"),
        ({"core/clock.py": "from ..accounts import models"}, "app.accounts.models: goes up"),
        ({"audit/log.py": "from app.outbox.queue import enqueue"}, "app.outbox.queue: goes sideways"),
        ({"site/routes.py": "def view():\n    from app.desk import views"}, "app.site.routes:2"),
        (
            {
                "outbox/queue.py": "from typing import TYPE_CHECKING\n"
                "if TYPE_CHECKING:\n    from app.inquiries.models import Inquiry"
            },
            "app.outbox.queue:3 imports app.inquiries.models: goes up",
        ),
        ({"core/clock.py": "import importlib\nimportlib.import_module('app.desk')"}, "app.desk: goes up"),
        ({"core/clock.py": "__import__('app.desk')"}, "app.desk: goes up"),
        ({"core/clock.py": "def f(name):\n    return __import__(name)"}, "write the name out"),
        (
            {"inquiries/a.py": "from app.inquiries import b", "inquiries/b.py": "from . import a"},
            "a circle: app.inquiries.",
        ),
        ({"billing/models.py": ""}, "app.billing.models: the package stands in no layer"),
    ],
)
def test_a_planted_fault_is_found(tmp_path: Path, planted: dict[str, str], told: str) -> None:
    sound = {
        "__init__.py": "from app import desk, site",
        "core/clock.py": "",
        "audit/log.py": "from app.core import clock",
        "outbox/queue.py": "from app.core.clock import now",
        "accounts/models.py": "from app.core import clock",
        "inquiries/models.py": "from app.accounts.models import User",
        "site/__init__.py": "from app.site.routes import blueprint",
        "site/routes.py": "from app.inquiries.models import Inquiry",
        "desk/__init__.py": "from app.desk.routes import blueprint",
        "desk/routes.py": "from app.desk import views",
        "desk/views.py": "from ..inquiries import models",
    }
    write(tmp_path, sound)
    assert faults(tmp_path) == []

    write(tmp_path, planted)
    assert told in "\n".join(faults(tmp_path))


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / "app" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
