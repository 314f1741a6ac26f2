"""The inquiry that an address names."""

from flask import abort

from app.inquiries import queries
from app.inquiries.models import Inquiry


def inquiry_or_404(reference: str) -> Inquiry:
    """Return the inquiry of this reference, or answer that there is none."""
    return queries.inquiry_by_reference(reference) or abort(404)
