"""The forms that people without an account fill in, by themselves or through staff on the phone."""

from app.inquiries.forms.inquiry import HELPERS_FIELDS, InquiryForm, values_of
from app.inquiries.forms.person import CARRIED_ON, FormOfPerson
from app.inquiries.forms.short import CallForm, CodeForm, LinkForm

__all__ = [
    "CARRIED_ON",
    "HELPERS_FIELDS",
    "CallForm",
    "CodeForm",
    "FormOfPerson",
    "InquiryForm",
    "LinkForm",
    "values_of",
]
