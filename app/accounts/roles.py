"""Who may do what: the one table that pages show and the code asks."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l

READ_INQUIRIES = "inquiries.read"
WORK_ON_INQUIRIES = "inquiries.work"
EDIT_CONTENT = "content.edit"
READ_PAGE_VERSIONS = "content.versions"
KEEP_REPLIES = "replies.keep"
KEEP_STAFF = "staff.keep"
READ_AUDIT = "audit.read"

ADMINISTRATOR = "admin"

ROLES = {
    "coordinator": _l("Coordinator"),
    "doctor": _l("Doctor"),
    "editor": _l("Editor"),
    ADMINISTRATOR: _l("Administrator"),
}

HELD_BY = {
    READ_INQUIRIES: frozenset({"coordinator", "doctor"}),
    WORK_ON_INQUIRIES: frozenset({"coordinator"}),
    EDIT_CONTENT: frozenset({"editor"}),
    # The treatment page as it was when an inquiry was sent beside it.
    READ_PAGE_VERSIONS: frozenset({"coordinator", "doctor", "editor"}),
    KEEP_REPLIES: frozenset({ADMINISTRATOR}),
    KEEP_STAFF: frozenset({ADMINISTRATOR}),
    READ_AUDIT: frozenset({ADMINISTRATOR}),
}

# In the order in which pages show them.
PERMISSION_WORDS = {
    READ_INQUIRIES: _l("Read inquiries"),
    WORK_ON_INQUIRIES: _l("Answer inquiries and change them"),
    EDIT_CONTENT: _l("Write and publish the pages for visitors"),
    READ_PAGE_VERSIONS: _l("Read the treatment page as it was when an inquiry was sent"),
    KEEP_REPLIES: _l("Write the reply templates"),
    KEEP_STAFF: _l("Invite staff and keep their accounts"),
    READ_AUDIT: _l("Read the record of who saw or changed what"),
}

# A new network has one person, who keeps accounts and pages, and answers the first inquiries.
FIRST_ADMINISTRATOR_ROLES = (ADMINISTRATOR, "coordinator", "editor")


def permissions_of(roles: Iterable[str]) -> frozenset[str]:
    """Return every permission that at least one of ``roles`` holds."""
    held = set(roles)
    return frozenset(permission for permission, holders in HELD_BY.items() if held & holders)
