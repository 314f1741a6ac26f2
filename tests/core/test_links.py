from flask import Flask

from app.core.links import is_token, new_token, public_address, site_host


def test_tokens_are_256_bits_that_fit_into_an_address() -> None:
    tokens = {new_token() for _ in range(1000)}

    assert len(tokens) == 1000
    assert all(len(token) == 43 and is_token(token) for token in tokens)


def test_what_no_token_can_be_is_told_apart() -> None:
    token = new_token()

    for text in (None, "", token[:-1], token + "A", token + "\n", " " + token, "é" * 43, "/" * 43):
        assert not is_token(text)


def test_a_mailed_address_is_the_public_one_whatever_host_the_request_named(app: Flask) -> None:
    with app.test_request_context("/", base_url="http://evil.example"):
        assert public_address("site.home") == "https://portal.example/"
        assert site_host() == "portal.example"


def test_a_mailed_address_can_be_made_without_a_request(app: Flask) -> None:
    with app.app_context():
        address = public_address("desk.show_inquiry", reference="SCI-2345-6789")

    assert address == "https://portal.example/desk/inquiries/SCI-2345-6789"
