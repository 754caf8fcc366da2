"""What the set-up form asks about approvals: how many, whose, and how long a request waits."""

from bot.ids import Field
from bot.views import form
from bot.views.blocks import Block, Element
from core.domain.client import ApprovalPolicy

SELF = "self"
"""The choice that lets people approve their own posts."""
_APPROVALS_MOST = 10
_HOURS_MOST = 720


def approval_fields(policy: ApprovalPolicy) -> list[Block]:
    """The fields, as the policy is now."""
    option = form.option(SELF, "Requesters may approve their own posts")
    boxes: Element = {"type": "checkboxes", "options": [option]}
    if policy.self_approval:
        boxes["initial_options"] = [option]
    return [
        form.field(
            Field.NEEDED,
            "Approvals each post needs",
            _number(policy.needed, range(_APPROVALS_MOST + 1)),
            hint="1 for any manager; 0 for all of them.",
        ),
        form.field(Field.SELF_APPROVAL, "Own posts", boxes, optional=True),
        form.field(
            Field.OUTSIDERS,
            "Approvers from other workspaces",
            form.people_select(policy.outsiders),
            hint="People of the client who may decide in a shared channel.",
            optional=True,
        ),
        form.field(
            Field.REMIND_HOURS,
            "Remind approvers every … hours",
            _number(policy.remind_hours, range(_HOURS_MOST + 1)),
            hint="While a request waits; 0 for never.",
        ),
        form.field(
            Field.EXPIRE_HOURS,
            "A request ends after … hours",
            _number(policy.expire_hours, range(1, _HOURS_MOST + 1)),
            hint="When nobody settles it. One for a later time waits until then.",
        ),
    ]


def _number(value: int, allowed: range) -> Element:
    return {
        "type": "number_input",
        "is_decimal_allowed": False,
        "initial_value": str(value),
        "min_value": str(allowed[0]),
        "max_value": str(allowed[-1]),
    }
