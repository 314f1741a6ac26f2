"""Addresses are read as they are kept, and only a slip is asked about."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from wtforms import StringField
from wtforms.form import BaseForm

from app.core.emails import check_email, meant_address, normal_address, slips
from tests.support.engines import ON_SQLITE

RIGHT = """
         gmail.com googlemail.com hotmail.com hotmail.es hotmail.co.uk hotmail.com.ar outlook.com
    outlook.es outlook.de     yahoo.com yahoo.es yahoo.co.uk yahoo.com.mx yahoo.co.in yahoo.co.jp
    ymail.com rocketmail.com icloud.com me.com     mac.com live.com live.co.uk msn.com aol.com
    mail.com email.com gmx.com gmx.de gmx.net web.de t-online.de     orange.fr free.fr laposte.net
    libero.it telefonica.net terra.es tierra.es uol.com.br mail.ru bk.ru list.ru     inbox.ru
    rambler.ru yandex.ru ya.ru qq.com 163.com 126.com sina.com sohu.com foxmail.com faxmail.com
    rediffmail.com proton.me protonmail.com pm.me tutanota.com zoho.com gail.co.in grail.com
    wahoo.com cloud.com     outdoor.com hotel.com clinic.example.com lists.gmail.com
    gmail.universidad.es example.co example.cm example.om     empresa.com.co clinica.es hospital.org
    rehab.net spital.ch shop.bet
"""

SLIPS = {
    "gmial.com": "gmail.com",
    "gamil.com": "gmail.com",
    "gmai.com": "gmail.com",
    "gmal.com": "gmail.com",
    "gmaill.com": "gmail.com",
    "gnail.com": "gmail.com",
    "mgail.com": "gmail.com",
    "gmail.con": "gmail.com",
    "gmail.co": "gmail.com",
    "gmail.cm": "gmail.com",
    "gmail.es": "gmail.com",
    "gmail.com.mx": "gmail.com",
    "gmial.cmo": "gmail.com",
    "hotmial.com": "hotmail.com",
    "hotmal.com": "hotmail.com",
    "homtail.com": "hotmail.com",
    "hotmil.es": "hotmail.es",
    "hotmail.co": "hotmail.com",
    "yahoo.cmo": "yahoo.com",
    "yaho.com": "yahoo.com",
    "yhaoo.com": "yahoo.com",
    "yahooo.co.uk": "yahoo.co.uk",
    "outlok.com": "outlook.com",
    "outllok.com": "outlook.com",
    "oulook.es": "outlook.es",
    "icloud.co": "icloud.com",
    "iclould.com": "icloud.com",
    "icoud.con": "icloud.com",
    "yandx.ru": "yandex.ru",
    "protonmial.com": "protonmail.com",
    "protomnial.com": "protonmail.com",
    "redifmail.com": "rediffmail.com",
    "aol.con": "aol.com",
    "mail.vom": "mail.com",
    "clinica-norte.ocm": "clinica-norte.com",
    "rehab.example.nte": "rehab.example.net",
    "hospital.orgg": "hospital.org",
}

DOMAINS = st.one_of(
    st.from_regex(r"[a-z0-9-]{1,12}(\.[a-z0-9-]{1,6}){1,3}", fullmatch=True),
    st.builds(
        "{}{}{}.{}".format,
        st.sampled_from(["g", "gm", "ho", "yah", "ic", "out", "proton", ""]),
        st.text("ailmotcdh", max_size=3),
        st.sampled_from(["ail", "mail", "oo", "oud", "look", ""]),
        st.sampled_from(["com", "con", "co", "cmo", "es", "com.mx", "co.uk", "ner", "xn--p1ai", "ru"]),
    ),
)


@pytest.mark.parametrize("domain", RIGHT.split())
def test_a_right_domain_is_never_asked_about(domain: str) -> None:
    assert normal_address(f"ana@{domain}") == f"ana@{domain}"
    assert meant_address(f"ana@{domain}") is None


@pytest.mark.parametrize("domain", SLIPS)
def test_a_slip_in_a_domain_is_asked_about_with_the_name_before_it_as_typed(domain: str) -> None:
    assert meant_address(f"Ana.Gil+SCI@{domain}") == f"Ana.Gil+SCI@{SLIPS[domain]}"


@pytest.mark.parametrize("text", ["", "@", "ana", "ana@", "ana@gmial", "ana@@gmial.com", "ana@gmial.com, "])
def test_what_is_no_address_has_no_meant_one(text: str) -> None:
    assert normal_address(text) is None
    assert meant_address(text) is None


@given(st.one_of(st.text(max_size=400), st.builds("{}@{}".format, st.text(max_size=80), DOMAINS)))
def test_any_text_is_read_as_an_address_or_as_none(text: str) -> None:
    address = normal_address(text)

    assert address is None or normal_address(address) == address


@given(st.builds("{}@{}".format, st.sampled_from(["a", "Ana.Gil", "x" * 64]), DOMAINS))
def test_a_meant_address_is_another_one_that_is_sound_and_asks_no_more(address: str) -> None:
    meant = meant_address(address)

    if meant is not None:
        assert meant != address
        assert normal_address(meant) == meant
        assert meant_address(meant) is None


@given(st.text(max_size=400))
def test_any_text_can_be_looked_at_for_a_slip(text: str) -> None:
    meant_address(text)


def test_a_very_long_text_is_no_address() -> None:
    assert normal_address("a" * 100_000 + "@gmail.com") is None
    assert normal_address("a@" + "\u0f73" * 100_000) is None


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_slips_are_counted_the_same_in_both_directions(one: str, other: str) -> None:
    assert slips(one, other) == slips(other, one) <= max(len(one), len(other))
    assert (slips(one, other) == 0) == (one == other)


def test_two_letters_swapped_are_one_slip() -> None:
    assert (slips("gmial", "gmail"), slips("gml", "gmail"), slips("gmail", "hotmail")) == (1, 2, 3)


def address_form(typed: str | None) -> BaseForm:
    form = BaseForm({"email": StringField(validators=[check_email])})
    form.process(data={"email": typed})
    return form


@ON_SQLITE
def test_a_form_keeps_the_address_as_mail_is_sent_to_it(app: Flask) -> None:
    form = address_form("Ana@EXAMPLE.com")

    with app.test_request_context():
        assert form.validate()

    assert form["email"].data == "Ana@example.com"


@ON_SQLITE
@pytest.mark.parametrize("typed", [None, "", "ana", "ana@example", "ана@example.com", "x@" + "y" * 9_000])
def test_a_form_says_how_an_address_looks_and_keeps_what_was_typed(app: Flask, typed: str | None) -> None:
    form = address_form(typed)

    with app.test_request_context():
        assert not form.validate()

    told = "Check the e-mail address. It looks like name@example.com, in letters a to z."
    assert (form["email"].errors, form["email"].data) == ([told], typed)
