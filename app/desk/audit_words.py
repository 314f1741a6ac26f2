"""The audit record in the reader's words: every act, and what kind of act it is."""

from flask_babel import lazy_gettext as _l

from app.core.terms import Choices

KINDS: Choices = {
    "read": _l("Read"),
    "changed": _l("Changed"),
    "exported": _l("Exported"),
    "refused": _l("Refused"),
    "signed": _l("Signed in or out"),
}

READ: Choices = {
    "audit.read": _l("Read the audit record"),
    "content.read": _l("Read a version that is not published"),
    "draft.opened": _l("Opened a saved form"),
    "inquiries.listed": _l("Saw inquiries in a list"),
    "inquiry.read": _l("Read an inquiry"),
    "permission.document_read": _l("Read the proof of a permission"),
}
CHANGED: Choices = {
    "content.erased": _l("Erased a page or entry"),
    "content.moved": _l("Moved an entry to another place"),
    "content.published": _l("Published a version"),
    "content.saved": _l("Saved a version"),
    "content.unpublished": _l("Took a page or entry off the site"),
    "draft.begun": _l("Began a form"),
    "demo.loaded": _l("Loaded demonstration data"),
    "demo.removed": _l("Removed demonstration data"),
    "draft.discarded": _l("Deleted a saved form"),
    "draft.link_mailed": _l("Had the link to a saved form sent"),
    "draft.reminded": _l("Reminded someone of a saved form"),
    "draft.saved": _l("Saved a form for later"),
    "drafts.ended": _l("Deleted saved forms whose time was over"),
    "inquiry.answer_failed": _l("Could not send an answer by e-mail"),
    "inquiry.answered": _l("Answered an inquiry by e-mail"),
    "inquiry.assigned": _l("Put an inquiry in someone’s hands"),
    "inquiry.changed": _l("Changed the answers of an inquiry"),
    "inquiry.contact_logged": _l("Logged a call or message"),
    "inquiry.follow_up_set": _l("Set the day to look at an inquiry again"),
    "inquiry.handed_over": _l("Handed an inquiry over"),
    "inquiry.moved": _l("Moved an inquiry to another status"),
    "inquiry.noted": _l("Wrote a note"),
    "inquiry.reopened": _l("Opened an inquiry again"),
    "inquiry.sent": _l("Sent an inquiry"),
    "mail.sent_again": _l("Had a mail sent again"),
    "permission.recorded": _l("Recorded a permission to publish"),
    "permission.withdrawn": _l("Withdrew a permission to publish"),
    "reply_template.changed": _l("Changed a reply template"),
    "reply_template.created": _l("Wrote a reply template"),
    "reply_template.removed": _l("Removed a reply template"),
    "reply_templates.loaded": _l("Loaded the reply templates that come with the site"),
    "user.created": _l("Made an account by an invitation"),
    "user.invitation_withdrawn": _l("Withdrew an invitation"),
    "user.invited": _l("Invited someone"),
    "user.mails_chosen": _l("Changed which mails come"),
    "user.passkey_added": _l("Added a passkey"),
    "user.passkey_removed": _l("Removed a passkey"),
    "user.password_changed": _l("Changed the password"),
    "user.password_reset": _l("Chose a new password by a mailed link"),
    "user.recovery_codes_made": _l("Made new recovery codes"),
    "user.renamed": _l("Changed a name"),
    "user.reset_asked": _l("Asked for a link to choose a new password"),
    "user.roles_changed": _l("Changed roles"),
    "user.second_factor_reset": _l("Reset the second factor"),
    "user.second_factor_set_up": _l("Set up an authenticator app"),
    "user.shortcuts_chosen": _l("Changed the keyboard shortcuts"),
    "user.switched_off": _l("Switched an account off"),
    "user.switched_on": _l("Switched an account on"),
}
EXPORTED: Choices = {}
REFUSED: Choices = {
    "access.refused": _l("Was refused a page or an act"),
    "user.second_factor_failed": _l("A wrong code at sign-in"),
    "user.sign_in_failed": _l("A sign-in that failed"),
}
SIGNED: Choices = {
    "user.recovery_code_used": _l("Signed in with a recovery code"),
    "user.session_ended": _l("Ended a session"),
    "user.sessions_ended": _l("Ended all sessions"),
    "user.signed_in": _l("Signed in"),
    "user.signed_out": _l("Signed out"),
}

OF_KIND: dict[str, Choices] = {
    "read": READ,
    "changed": CHANGED,
    "exported": EXPORTED,
    "refused": REFUSED,
    "signed": SIGNED,
}
WORDS: Choices = {action: words for kind in OF_KIND.values() for action, words in kind.items()}
KIND_OF = {action: kind for kind, actions in OF_KIND.items() for action in actions}
DETAILS: Choices = {
    "after": _l("After"),
    "basis": _l("How permission was given"),
    "before": _l("Before"),
    "browser": _l("Browser"),
    "channel": _l("It came by"),
    "count": _l("How many"),
    "covers": _l("Covers"),
    "day": _l("Day"),
    "endpoint": _l("Page"),
    "kind": _l("Kind"),
    "left": _l("Codes left"),
    "member": _l("Member of staff"),
    "mentioned": _l("Pointed out to"),
    "method": _l("Method of the request"),
    "name": _l("Name"),
    "number": _l("Version"),
    "owner": _l("In the hands of"),
    "reason": _l("Reason"),
    "reference": _l("Reference"),
    "roles": _l("Roles"),
    "since": _l("From this day"),
    "until": _l("Until this day"),
}
"""What the entries keep besides; what has no words here is shown by its own name."""
OBJECTS: Choices = {
    "audit": _l("The audit record"),
    "draft": _l("A saved form"),
    "invitation": _l("An invitation"),
    "mail": _l("A mail"),
    "reply_template": _l("A reply template"),
}
"""Things that have no name of their own here."""
