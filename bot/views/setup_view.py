"""The modal that sets a client up or edits it, and what a person filled into it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot import ids
from bot.ids import Callback, Field
from bot.views import blocks, form
from bot.views.approval_fields import SELF, approval_fields
from bot.views.blocks import Block, Element, View, plain
from bot.views.pair import RELINKS, STARTS, useful_button
from bot.views.shapes import ClientRow
from bot.views.text import GROUP_PREFIX, bold
from bot.views.words import connection as words
from bot.views.words.names import INTENT, PLATFORM
from bot.views.words.refusal import refusal_plain
from bot.views.zones import label, zone_groups
from core.domain.account import Platform
from core.domain.client import ApprovalPolicy, Client, Intent
from core.domain.diagnosis import NextStep

_TITLE_NEW, _TITLE_EDIT, _SAVED = "Set Up Client", "Edit Client", "Saved"
_NAME_MOST = 80
_HANDLE_MOST = 200
_GROUPS_MOST = 100

_ABOUT_INTENT: Mapping[Intent, str] = {
    Intent.PROFILE: "The profiles show each other; nothing is published.",
    Intent.CROSSPOST: "Posts go to both platforms.",
    Intent.BOTH: "The profiles show each other, and posts go to both.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What a person filled in, field by field as `core.usecases.clients.ClientForm` wants it; handles as typed."""

    name: str
    channel: str
    intent: Intent
    managers: tuple[str, ...]
    oncall: tuple[str, ...]
    tiktok: str
    instagram: str
    needed: int
    self_approval: bool
    outsiders: tuple[str, ...]
    remind_hours: int
    expire_hours: int
    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What the modal begins with. For a new client `person` is suggested as manager, `time_zone` as theirs.

    `groups` are the workspace's user groups (id and name), to choose an on-call group from; without any the
    groups that the client has are kept as they are.
    """

    channel: str
    person: str
    client: Client | None = None
    time_zone: str = "UTC"
    groups: Sequence[tuple[str, str]] = ()


def setup_modal(opening: Opening) -> View:
    """The form, prefilled: with the client where there is one, else with what is most likely right."""
    client = opening.client
    kept = _groups_of(client)
    meta = ids.SetupMeta(channel=opening.channel, client=client.id if client else None, groups=kept)
    return blocks.modal(
        _TITLE_EDIT if client else _TITLE_NEW,
        [
            blocks.context(f"For <#{opening.channel}>: each client has a channel of its own"),
            *_brand(client),
            *_people(opening),
            blocks.divider(),
            *approval_fields(client.policy if client else ApprovalPolicy()),
            form.field(
                Field.TIME_ZONE,
                "Time zone",
                _zone_select(client.time_zone if client else opening.time_zone),
                hint="For dates in reminders and digests.",
            ),
        ],
        callback=Callback.SETUP,
        submit="Save",
        close="Cancel",
        meta=ids.write(meta, most=ids.PRIVATE_METADATA),
    )


def _brand(client: Client | None) -> list[Block]:
    expected = client.expected if client else {}
    return [
        form.field(
            Field.NAME,
            "Client",
            _text(client.name if client else "", most=_NAME_MOST, example="Nordlicht Bakery"),
        ),
        form.field(Field.INTENT, "What is the link for?", _intents(client.intent if client else Intent.BOTH)),
        *[
            form.field(
                Field(platform),
                f"Expected {PLATFORM[platform]} handle",
                _text(expected.get(platform, ""), most=_HANDLE_MOST, example="@nordlicht.bakery"),
                hint="We warn you when another account comes back.",
                optional=True,
            )
            for platform in Platform
        ],
    ]


def _people(opening: Opening) -> list[Block]:
    client = opening.client
    oncall = tuple(each for each in client.oncall if each not in _groups_of(client)) if client else ()
    rows = [
        form.field(
            Field.MANAGERS,
            "Managers",
            form.people_select(client.managers if client else (opening.person,)),
            hint="They change these settings, adopt accounts and approve posts.",
        ),
        form.field(
            Field.ONCALL,
            "On-call people",
            form.people_select(oncall),
            hint="They are rung when nobody acknowledges a broken link in time.",
            optional=True,
        ),
    ]
    if opening.groups:
        menu = _group_select(opening.groups, _groups_of(client))
        rows.append(form.field(Field.ONCALL_GROUPS, "On-call user groups", menu, optional=True))
    return rows


def _text(value: str, *, most: int, example: str) -> Element:
    element: Element = {"type": "plain_text_input", "max_length": most, "placeholder": plain(example)}
    return element | {"initial_value": value[:most]} if value else element


def _intents(chosen: Intent) -> Element:
    options = {
        intent: {"text": plain(INTENT[intent]), "value": intent, "description": plain(_ABOUT_INTENT[intent])}
        for intent in Intent
    }
    return {
        "type": "radio_buttons",
        "options": list(options.values()),
        "initial_option": options[chosen],
    }


def _group_select(groups: Sequence[tuple[str, str]], chosen: Sequence[str]) -> Element:
    names = dict(groups)
    known = {each: names.get(each, each) for each in chosen} | names
    options = {each: form.option(each, name or each) for each, name in known.items()}
    element: Element = {
        "type": "multi_static_select",
        "placeholder": plain("Choose groups"),
        "options": list(options.values())[:_GROUPS_MOST],
    }
    initial = [options[each] for each in chosen[:_GROUPS_MOST]]
    return element | {"initial_options": initial} if initial else element


def _zone_select(chosen: str) -> Element:
    groups = [
        {"label": plain(region), "options": [form.option(zone, city) for city, zone in zones]}
        for region, zones in zone_groups()
    ]
    if not any(zone == chosen for _, zones in zone_groups() for _, zone in zones):
        groups.insert(0, {"label": plain("Current"), "options": [form.option(chosen, label(chosen))]})
    return {
        "type": "static_select",
        "placeholder": plain("Choose a city"),
        "option_groups": groups,
        "initial_option": form.option(chosen, label(chosen)),
    }


def _groups_of(client: Client | None) -> tuple[str, ...]:
    return tuple(each for each in client.oncall if each.startswith(GROUP_PREFIX)) if client else ()


def read_setup(view: Mapping[str, Any]) -> tuple[ids.SetupMeta, Filled]:
    """Return what a submitted modal says. Raises ids.Unreadable where it isn't one of ours."""
    meta = ids.read(ids.SetupMeta, view.get("private_metadata"))
    answers = form.Answers(view)
    listed = Field.ONCALL_GROUPS in answers
    groups = answers.options(Field.ONCALL_GROUPS) if listed else meta.groups
    filled = Filled(
        name=answers.text(Field.NAME),
        channel=meta.channel,
        intent=_intent(answers.option(Field.INTENT)),
        managers=answers.people(Field.MANAGERS),
        oncall=answers.people(Field.ONCALL) + groups,
        tiktok=answers.text(Field.TIKTOK),
        instagram=answers.text(Field.INSTAGRAM),
        needed=form.number(answers.text(Field.NEEDED)),
        self_approval=SELF in answers.options(Field.SELF_APPROVAL),
        outsiders=answers.people(Field.OUTSIDERS),
        remind_hours=form.number(answers.text(Field.REMIND_HOURS)),
        expire_hours=form.number(answers.text(Field.EXPIRE_HOURS)),
        time_zone=answers.option(Field.TIME_ZONE) or "UTC",
    )
    return meta, filled


def _intent(value: str) -> Intent:
    return Intent(value) if value in set(Intent) else Intent.BOTH


def field_errors(wrong: Mapping[str, str]) -> dict[str, str]:
    """Return `check_form`'s codes as sentences beside their fields: block id → sentence."""
    return {
        Field(field) if field in set(Field) else Field.NAME: refusal_plain(code, {"field": field})
        for field, code in wrong.items()
    }


def loading_modal(title: str = _TITLE_NEW) -> View:
    """What stands in the modal while we look something up: it opens before the trigger runs out."""
    return blocks.modal(title, [blocks.section("One moment…")])


def saving_modal(title: str = _TITLE_NEW) -> View:
    """What stands in the modal between submitting and the answer."""
    return blocks.modal(title, [blocks.section("Saving…")])


def saved_modal(row: ClientRow, *, new: bool) -> View:
    """That it worked, how its accounts stand now, and the way to those that somebody must link."""
    client = row.client
    done = f"{bold(client.name)} is set up in <#{client.channel}>" if new else f"{bold(client.name)} is saved"
    steps = {platform: half.step if half else NextStep.LINK for platform, half in row.connections.items()}
    if all(step is NextStep.LINK for step in steps.values()):
        link = ids.LinkValue(client=client.id, platforms=tuple(Platform))
        press = [blocks.button("Link Accounts", ids.Action.LINK_START, link, style="primary")]
        return blocks.modal(
            _SAVED, [blocks.section(f"✅ {done}. Next: link its accounts."), *blocks.actions(*press)]
        )
    todo = [platform for platform, step in steps.items() if step in STARTS | RELINKS]
    rows = [
        blocks.section(
            words.step(steps[each], each),
            useful_button(client, each, row.connections[each], primary=each is todo[0]),
        )
        for each in todo
    ]
    return blocks.modal(_SAVED, [blocks.section(f"✅ {done}. {words.pair(row.link)}"), *rows])
