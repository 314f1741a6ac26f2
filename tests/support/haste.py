"""How fast an example runs says nothing about what it shows: a busy machine must not fail a test."""

from hypothesis import HealthCheck, settings


def no_haste() -> None:
    """Let Hypothesis take the time it needs, and give fixtures to its examples."""
    unhurried = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
    settings.register_profile("portal", deadline=None, suppress_health_check=unhurried)
    settings.load_profile("portal")
