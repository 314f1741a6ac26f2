"""Rules that are prepared when their first address is made."""

from uuid import UUID

from flask import Flask
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter, Rule, UUIDConverter

from app.core.rules import PreparedLater


def test_every_address_is_the_one_that_werkzeug_makes(app: Flask) -> None:
    rules = list(app.url_map.iter_rules())
    assert {type(rule) for rule in rules} == {PreparedLater}

    for rule in rules:
        values = {name: example(part) for name, part in rule._converters.items()}
        for is_kept, more in ((True, {"and": "more?"}), (False, {})):
            usual = Rule._compile_builder(rule, is_kept)(rule, **values, **more)

            assert rule.build({**values, **more}, is_kept) == usual
            assert rule.build({**values, **more}, is_kept) == usual, "once it is prepared"


def example(part: BaseConverter) -> object:
    """Return a value that this part of an address may have."""
    if isinstance(part, AnyConverter):
        return min(part.items)
    return {IntegerConverter: 7, UUIDConverter: UUID(int=7)}.get(type(part), "ä b")
