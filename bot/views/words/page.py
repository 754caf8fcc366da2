"""What our own pages say besides what came of an attempt: why they ask, and what went wrong."""

from collections.abc import Mapping

from core.domain.observation import Capability

WHY: Mapping[Capability, str] = {
    Capability.IDENTIFY: "to see that it is the right account, and that the link still works",
    Capability.PUBLISH_DRAFT: "to put drafts into the account's inbox, where its owner finishes them",
    Capability.PUBLISH: "to publish the posts that the team approved in Slack, and nothing else",
}
"""Why a platform's page asks for what it asks for."""

NO_SUCCESS = "This didn't work"
FINISHED = "This was finished before"
OUR_FAULT = "Our fault"
OTHER_SITE = (
    "This didn't begin with us",
    "Another site sent you here. Open the link from Slack, and press Continue there.",
)
TOO_LARGE = (
    "Too much at once",
    "That was more than this page takes. Go back to Slack and open the link again.",
)
"""A title and what to do."""
CUT_SHORT = ("That didn't arrive whole", "The connection broke off. Go back one page and try again.")
"""A title and what to do."""

SAME_IN_SLACK = "You can close this page. Slack shows the same."
DONE_HERE = "You can close this page."

NOT_INSTALLED = "Crosslink isn't installed"
INSTALL: Mapping[str, str] = {
    "cancelled": (
        "Somebody pressed Cancel on Slack's page. Nothing was installed; open the install page to try again."
    ),
    "foreign": (
        "This page was opened without its beginning, or in another browser. Open the install page to begin again."
    ),
    "expired": "This attempt took longer than ten minutes. Open the install page to begin again.",
    "used": (
        "This attempt is over already. If Crosslink isn't in your workspace, open the install page to begin again."
    ),
    "refused": "Slack refused to finish, and nothing was installed. Open the install page to begin again.",
    "unreachable": "Slack didn't answer, and nothing was installed. Open the install page to begin again.",
}
"""Why an installation ended without one, by `bot.slack.install.InstallFault`."""
INSTALLED = "Crosslink is installed in {name}"
INSTALLED_BODY = "Nothing is linked yet, and nobody was told anything."
INSTALLED_NEXT = "Go to a client's channel in Slack and type /crosslink setup."
INSTALLED_LACKING = "Not granted: {scopes}. What needs these will not work."

COMPOSE_OVER = (
    "This page's time is over",
    "Nothing is lost: your draft is in Slack. Run /crosslink post there and open the page again.",
)
COMPOSE_SETTLED = (
    "This post is settled",
    "It can't be changed any more. In Slack, /crosslink post list shows what became of it.",
)
COMPOSE_DRAFT = "Nobody sees this draft but you, until you ask for approval."
COMPOSE_EDIT = (
    "This is yours alone until you ask again. Then it takes the request's place, approvals and all."
)
COMPOSE_SAVED = "Saved. You can go on here or in Slack."
COMPOSE_FIXED = "The file is fixed, and checked again."
COMPOSE_STOPPED = "It can't be asked for like this. What is missing is marked in red."
COMPOSE_SUBMIT = "Request Approval"
COMPOSE_RESUBMIT = "Request Approval Again"
COMPOSE_ASKED = "Sent for approval"
COMPOSE_ASKED_BODY = "The request is in {client}'s channel in Slack, with exactly what you saw here."
COMPOSE_UNTIL = "This page is yours alone and works until {until}."
