"""The built style sheet, script, pictures and fonts, by their plain names."""

import json
from pathlib import Path

from flask import Flask

STATIC_URL = "/static/"
"""Where the files of `app/static/dist` are served."""


class AssetsNotBuiltError(RuntimeError):
    """The front end was never built, or was built without a file a page asks for."""


def init_assets(app: Flask) -> None:
    """Read the build's manifest once and give every template `asset(name)`.

    `asset("site.css")` answers the address of that file, with the hash of its content in it, so that
    it can be cached for ever.
    """
    manifest = _read_manifest(Path(app.root_path) / "static" / "dist" / "manifest.json")

    def asset(name: str) -> str:
        """Return the address of a built file, such as `/static/site-ab12cd34.css`."""
        try:
            return STATIC_URL + manifest[name]
        except KeyError:
            raise AssetsNotBuiltError(
                f"The front end has no file named {name!r}. Run `npm run build`."
            ) from None

    app.add_template_global(asset, "asset")


def _read_manifest(path: Path) -> dict[str, str]:
    """Return plain name to hashed name, or say how to build what is missing."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError) as error:
        raise AssetsNotBuiltError(
            f"The front end is not built: cannot read {path}. Run `npm ci` and `npm run build`."
        ) from error
    return {str(name): str(hashed) for name, hashed in content.items()}
