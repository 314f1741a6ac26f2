"""The views."""

import secrets
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.utils.safestring import mark_safe

from app.core import names, terms
from bench.references.django_site.forms import LANGUAGE, PeerForm
from bench.references.django_site.sending import send


@cache
def information() -> str:
    """Return the information beside the form, ready to be put into the page."""
    return str(mark_safe(Path(settings.INFORMATION).read_text()))  # noqa: S308 -- the portal's own


def page(request: HttpRequest, form: Any, status: int = 200) -> HttpResponse:
    """Return the page with the form as it stands."""
    context = {
        "form": form,
        "information": mark_safe(information()),  # noqa: S308 -- the portal's own
        "countries": names.country_names(LANGUAGE).values(),
        "languages": names.language_names(LANGUAGE).values(),
        "levels": terms.LEVELS,
    }
    return render(request, "django_site/home.html", context, status=status)


def home(request: HttpRequest) -> HttpResponse:
    """Show the page with an empty form; the session holds the form's key, as the portal's does."""
    key = request.session.setdefault("form_key", secrets.token_urlsafe(32))
    return page(request, PeerForm(initial={"form_key": key, "lang": LANGUAGE}))


def receive(request: HttpRequest) -> HttpResponse:
    """Keep an inquiry and lead on, or show the page with what to correct."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    form = PeerForm(request.POST)
    if not form.is_valid():
        return page(request, form, 422)
    request.session["sent"] = send(form.cleaned_data)
    return see_other("/inquiries/sent")


def sent(request: HttpRequest) -> HttpResponse:
    """Show the reference."""
    return render(request, "django_site/sent.html", {"reference": request.session.get("sent")})


def health(_request: HttpRequest) -> HttpResponse:
    """Say that it runs."""
    return HttpResponse("ok")


def see_other(address: str) -> HttpResponse:
    """Lead to another page with a GET."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
