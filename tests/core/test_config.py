import json
import stat
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

import config
from tests.support.environment import FIELD_KEY, OLDER_FIELD_KEY, environment

PRODUCTION = {
    "PORTAL_ENV": "production",
    "SECRET_KEY": "kept elsewhere, and not short at all",
    "FIELD_KEYS": FIELD_KEY,
    "DATABASE_URL": "postgresql://portal@db.example/portal",
    "PUBLIC_URL": "https://portal.example/",
    "MAIL_SERVER": "mail.example",
    "COORDINATOR_EMAILS": "one@clinic.example",
    "FILES_URL": "file:///var/lib/portal/files",
}


def test_production_names_everything_that_is_missing_at_once(tmp_path: Path) -> None:
    with pytest.raises(config.ConfigurationError) as refused:
        config.load({"PORTAL_ENV": "production"}, tmp_path)

    assert all(name in str(refused.value) for name in config.REQUIRED_IN_PRODUCTION)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", config.REQUIRED_IN_PRODUCTION)
def test_production_refuses_a_name_that_is_there_but_blank(name: str, tmp_path: Path) -> None:
    with pytest.raises(config.ConfigurationError, match=rf": {name}\.$"):
        config.load({**PRODUCTION, name: "  "}, tmp_path)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SECRET_KEY", "x" * 31, "SECRET_KEY must have at least 32 characters"),
        ("PUBLIC_URL", "http://portal.example", "PUBLIC_URL must start with https:// in production"),
    ],
)
def test_production_refuses_what_is_weak(tmp_path: Path, name: str, value: str, told: str) -> None:
    with pytest.raises(config.ConfigurationError, match=told):
        config.load({**PRODUCTION, name: value}, tmp_path)


def test_production_makes_no_secrets_of_its_own(tmp_path: Path) -> None:
    settings = config.load(PRODUCTION, tmp_path)

    assert list(tmp_path.iterdir()) == []
    assert settings["SECRET_KEY"] == "kept elsewhere, and not short at all"
    assert settings["SESSION_COOKIE_SECURE"] is True
    assert settings["SEND_HSTS"] is True
    assert settings["TESTING"] is False
    assert settings["SECURITY_TWO_FACTOR_REQUIRED"] is True


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PORTAL_ENV", "staging", "PORTAL_ENV must be one of development, test, production"),
        ("FIELD_KEYS", "", "FIELD_KEYS must be 32-byte keys"),
        ("FIELD_KEYS", "c2hvcnQ=", "FIELD_KEYS must be 32-byte keys"),
        ("FIELD_KEYS", "not base64 at all!", "FIELD_KEYS must be 32-byte keys"),
        ("FIELD_KEYS", f"{FIELD_KEY},c2hvcnQ=", "FIELD_KEYS must be 32-byte keys"),
        ("PUBLIC_URL", "portal.example", "PUBLIC_URL must start with https://"),
        ("COORDINATOR_EMAILS", "nobody", "COORDINATOR_EMAILS must be mail addresses"),
        ("COORDINATOR_EMAILS", ", ,", "COORDINATOR_EMAILS must be mail addresses"),
        ("FILES_URL", "", "FILES_URL must be a folder of this machine"),
        ("FILES_URL", "/var/lib/portal/files", "FILES_URL must be a folder of this machine"),
        ("FILES_URL", "file:files", "FILES_URL must be a folder of this machine"),
        ("FILES_URL", "file:///", "FILES_URL must be a folder of this machine"),
        ("FILES_URL", "file://server/files", "FILES_URL must be a folder of this machine"),
        ("FILES_URL", "file://[", "FILES_URL must be a folder of this machine"),
        ("FILES_URL", "s3://bucket/files", "FILES_URL must be a folder of this machine"),
        ("MAIL_PORT", "smtp", "MAIL_PORT must be a whole number"),
        ("MAIL_REPLY_TO", "a@clinic.example, b@clinic.example", "MAIL_REPLY_TO must be one mail address"),
        ("MAIL_TIMEOUT_SECONDS", "1.5", "MAIL_TIMEOUT_SECONDS must be a whole number"),
    ],
)
def test_a_value_that_cannot_be_read_is_named(name: str, value: str, told: str, tmp_path: Path) -> None:
    environ = environment(tmp_path, "sqlite://", **{name: value})

    with pytest.raises(config.ConfigurationError, match=told):
        config.load(environ, tmp_path)


def test_a_key_that_cannot_be_read_is_not_told_to_whoever_reads_the_logs(tmp_path: Path) -> None:
    environ = environment(tmp_path, "sqlite://", FIELD_KEYS="c2hvcnQ=")

    with pytest.raises(config.ConfigurationError) as refused:
        config.load(environ, tmp_path)

    assert "c2hvcnQ" not in str(refused.value)


def test_the_newest_key_comes_first(tmp_path: Path) -> None:
    environ = environment(tmp_path, "sqlite://", FIELD_KEYS=f"{FIELD_KEY}, {OLDER_FIELD_KEY}")

    newest, older = config.load(environ, tmp_path)["FIELD_KEYS"]

    assert (len(newest), len(older)) == (32, 32)
    assert newest.startswith(b"tests only - not")
    assert older.startswith(b"tests only - an older")


def test_development_keeps_its_secrets_where_only_the_owner_reads_them(tmp_path: Path) -> None:
    first = config.load({}, tmp_path / "instance")
    second = config.load({}, tmp_path / "instance")
    kept = tmp_path / "instance" / "secrets.json"

    assert first["SECRET_KEY"] == second["SECRET_KEY"]
    assert first["FIELD_KEYS"] == second["FIELD_KEYS"]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in kept.parent.iterdir()] == ["secrets.json"]
    assert len(json.loads(kept.read_text())["SECRET_KEY"]) >= 32


def test_another_checkout_makes_other_secrets(tmp_path: Path) -> None:
    one, other = config.load({}, tmp_path / "one"), config.load({}, tmp_path / "other")

    assert one["SECRET_KEY"] != other["SECRET_KEY"]
    assert one["FIELD_KEYS"] != other["FIELD_KEYS"]


def test_processes_that_start_at_once_keep_one_set_of_secrets(tmp_path: Path) -> None:
    path = tmp_path / "instance" / "secrets.json"

    with ProcessPoolExecutor(4, get_context("spawn")) as pool:
        made = list(pool.map(config.kept_secrets, [path] * 8))

    assert all(secrets == made[0] for secrets in made)
    assert [kept.name for kept in path.parent.iterdir()] == ["secrets.json"]


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        ("file:///var/lib/portal/files", "/var/lib/portal/files"),
        ("file://localhost/srv/patients%20%26%20files/", "/srv/patients & files"),
    ],
)
def test_files_lie_in_the_folder_that_the_address_names(url: str, folder: str) -> None:
    assert config.files({"FILES_URL": url}) == {"FILES_FOLDER": Path(folder)}


def test_development_keeps_files_beside_its_database(tmp_path: Path) -> None:
    assert config.load({}, tmp_path / "an instance")["FILES_FOLDER"] == tmp_path / "an instance" / "files"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_a_postgresql_address_means_psycopg_3(scheme: str) -> None:
    settings = config.database({"DATABASE_URL": f"{scheme}://portal@db.example/portal"})

    url = settings["SQLALCHEMY_ENGINES"]["default"]
    assert str(url["url"] if isinstance(url, dict) else url) == (
        "postgresql+psycopg://portal@db.example/portal"
    )


def test_addresses_are_taken_once_in_the_order_given() -> None:
    assert config.addresses(" b@x.example, a@x.example,b@x.example ,") == (
        "b@x.example",
        "a@x.example",
    )


def test_mail_comes_from_the_sites_own_host_unless_told_otherwise() -> None:
    given = {"MAIL_SERVER": "mail.example", "PUBLIC_URL": "https://portal.example:8443/x"}

    assert config.mail(given)["MAIL_DEFAULT_SENDER"] == "no-reply@portal.example"
    told = config.mail({**given, "MAIL_DEFAULT_SENDER": "team@clinic.example"})
    assert told["MAIL_DEFAULT_SENDER"] == "team@clinic.example"


@pytest.mark.parametrize(
    ("text", "on"), [("1", True), ("Yes", True), ("on ", True), ("0", False), ("", False)]
)
def test_a_switch_is_on_only_when_it_says_so(text: str, on: bool) -> None:
    assert config.switch({"MAIL_USE_TLS": text}, "MAIL_USE_TLS") is on


def test_a_new_field_key_is_256_random_bits(tmp_path: Path) -> None:
    keys = {config.new_field_key() for _ in range(3)}

    assert len(keys) == 3
    settings = config.load(environment(tmp_path, "sqlite://", FIELD_KEYS=",".join(keys)), tmp_path)
    assert all(len(key) == 32 for key in settings["FIELD_KEYS"])
