"""What staff send from the desk."""

from wtforms import IntegerField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from app.core.fields import ChangeForm
from app.inquiries.forms import InquiryForm


class CompletedForm(InquiryForm):
    """The answers of an inquiry, put in or corrected by staff during a call; names the version they saw."""

    version = IntegerField("", validators=[InputRequired()], widget=HiddenInput())
    show_version = ChangeForm.show_version
