"""The treatment page's version, which each inquiry is stored with."""

VERSION = "2026-11-23"
"""Changes with every change of the page's words; ``tests/content/test_treatment.py`` holds it to that."""
