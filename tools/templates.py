"""The templates: ``python -m tools.templates`` compiles them for the site."""

from tempfile import TemporaryDirectory

from app import create_app
from app.core.compiled import compile_templates


def main() -> None:
    """Compile every template, with the settings of a laptop: none of them changes what is compiled."""
    with TemporaryDirectory() as folder:
        compile_templates(create_app({"PORTAL_ENV": "development", "INSTANCE_PATH": folder}))


if __name__ == "__main__":
    main()
