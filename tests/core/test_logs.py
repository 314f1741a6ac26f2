import json
import sys
from contextlib import suppress

import pytest
from flask import Flask

from app import create_app
from tests.support.cast import CANARIES, EXAMPLE_TWO
from tests.support.databases import close
from tests.support.engines import ON_SQLITE
from tests.support.planting import plant
from tests.support.sending import send


def fail() -> None:
    value = "-".join(("canary", "value"))  # the lines of the code itself may be logged
    raise RuntimeError(value)


@ON_SQLITE
def test_production_writes_one_json_line_for_each_request(
    capfd: pytest.CaptureFixture[str], environ: dict[str, str]
) -> None:
    app = create_app({**environ, "PORTAL_ENV": "production"})
    capfd.readouterr()

    app.test_client().get("/healthz", base_url="https://portal.example")

    (line,) = map(json.loads, capfd.readouterr().err.splitlines())
    assert line.pop("milliseconds") >= 0
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "request",
        "level": "info",
        "method": "GET",
        "endpoint": "health.healthz",
        "status": 200,
    }
    close(app)


@ON_SQLITE
def test_whatever_a_request_calls_its_method_its_line_is_one_of_json(
    capfd: pytest.CaptureFixture[str], environ: dict[str, str]
) -> None:
    app = create_app({**environ, "PORTAL_ENV": "production"})
    methods = ["GET", 'A"B', "A\\B", "A\u2028B", "{}"]
    capfd.readouterr()

    for method in methods:
        app.test_client().open("/nowhere", method=method, base_url="https://portal.example")

    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert [(line["method"], line["endpoint"], line["status"]) for line in lines] == [
        (method, None, 404) for method in methods
    ]
    close(app)


@ON_SQLITE
def test_a_failure_is_logged_with_its_kind_and_place_but_without_words_values_or_path(
    capfd: pytest.CaptureFixture[str], environ: dict[str, str]
) -> None:
    app = create_app({**environ, "PORTAL_ENV": "production"})
    address = plant(app, fail)

    app.test_client().get(f"{address}?name=canary-query", base_url="https://portal.example")

    written = capfd.readouterr().err
    failure = json.loads(next(line for line in written.splitlines() if "request failed" in line))
    assert failure["endpoint"] == "planted"
    assert "RuntimeError" in failure["exception"]
    assert "in fail" in failure["exception"]
    assert "canary-" not in written
    close(app)


@ON_SQLITE
def test_a_log_that_cannot_be_written_fails_no_request(
    monkeypatch: pytest.MonkeyPatch, environ: dict[str, str]
) -> None:
    with open("/dev/full", "w") as full:
        monkeypatch.setattr(sys, "stderr", full)
        app = create_app({**environ, "PORTAL_ENV": "production"})
        address = plant(app, fail)

        statuses = [app.test_client().get(place).status_code for place in ("/healthz", "/", address)]
        close(app)
        monkeypatch.undo()
        with suppress(OSError):  # what stands in its buffer
            full.close()

    assert statuses == [200, 200, 500]


@ON_SQLITE
@pytest.mark.parametrize("portal_env", ["development", "production"])
def test_nothing_personal_and_no_path_reaches_the_log(
    capfd: pytest.CaptureFixture[str], app: Flask, environ: dict[str, str], portal_env: str
) -> None:
    app = create_app({**environ, "PORTAL_ENV": portal_env})
    app.config["SESSION_COOKIE_SECURE"] = False
    client = app.test_client()

    assert send(client, EXAMPLE_TWO).status_code == 303
    assert send(client, EXAMPLE_TWO, country="Atlantis").status_code == 422
    client.get("/desk/inquiries/SCI-2345-6789?name=Canaryname")
    client.get("/open/canary-token")

    out, err = capfd.readouterr()
    assert err.count("request") >= 6
    for canary in (*CANARIES, "canary-token", "SCI-2345-6789", "/desk/inquiries"):
        assert canary not in out + err
    close(app)
