"""The environment that an application under test is made from."""

from pathlib import Path

SECRET_KEY = "a-secret-that-only-the-tests-know-0123456789"
FIELD_KEY = "dGVzdHMgb25seSAtIG5vdCBhIHNlY3JldCBrZXkgMDE="
OLDER_FIELD_KEY = "dGVzdHMgb25seSAtIGFuIG9sZGVyIGZpZWxkIGtleSE="
COORDINATORS = ("coordinator.one@clinic.example", "coordinator.two@clinic.example")


def environment(instance: Path, database_url: str, **others: str) -> dict[str, str]:
    """Return all that ``create_app`` needs, with ``others`` in its place."""
    return {
        "PORTAL_ENV": "test",
        "INSTANCE_PATH": str(instance),
        "SECRET_KEY": SECRET_KEY,
        "FIELD_KEYS": FIELD_KEY,
        "DATABASE_URL": database_url,
        "FILES_URL": (instance / "files").absolute().as_uri(),
        "PUBLIC_URL": "https://portal.example",
        "SITE_NAME": "Example Treatment Inquiries",
        "COORDINATOR_EMAILS": ",".join(COORDINATORS),
        "MAIL_SERVER": "127.0.0.1",
        **others,
    }
