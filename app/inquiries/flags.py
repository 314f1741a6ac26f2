"""What staff, and the person, should see of an inquiry at once. Nothing here decides anything."""

from app.inquiries.models import Inquiry
from app.inquiries.urgency import urgent_kinds


def urgent_in(inquiry: Inquiry) -> tuple[str, ...]:
    """Return the kinds of ``urgency`` that an inquiry's answers call for, the most urgent first."""
    texts = [inquiry.answers.get("message", "")]
    return urgent_kinds(inquiry.injury_level or "", inquiry.injury_region or "", texts)
