"""The forms that people without an account fill in, by themselves or through staff on the phone."""

from app.inquiries.forms.inquiry import HELPERS_FIELDS, InquiryForm, values_of
from app.inquiries.forms.person import FormOfPerson
from app.inquiries.forms.short import CallForm, CodeForm, LinkForm

__all__ = [
    "HELPERS_FIELDS",
    "CallForm",
    "CodeForm",
    "FormOfPerson",
    "InquiryForm",
    "LinkForm",
    "values_of",
]
