"""Editors' pages: texts, files and permissions, with every version kept."""

from app.content.editing import permission, routes, sections, uploads
from app.content.editing.blueprint import blueprint

__all__ = ["blueprint", "permission", "routes", "sections", "uploads"]
