"""Setting a client up, or editing it: a modal that opens before its trigger runs out, then asks Slack for the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from slack_sdk.errors import SlackApiError

from bot.ids import Action, Callback, ChannelValue, ClientValue, Unreadable
from bot.listeners import sentences
from bot.listeners.request import Request
from bot.listeners.table import Submission, Table
from bot.views.setup_view import (
    Filled,
    Opening,
    field_errors,
    loading_modal,
    read_setup,
    saved_modal,
    saving_modal,
    setup_modal,
)
from core.usecases.clients import ClientForm, check_form

DIRECT = "D"
"""Ids of direct messages begin with it."""


def register(table: Table) -> None:
    """Listen to the command, the buttons that open the form, and its submit."""
    table.command("setup", by_command)
    table.action(Action.SETUP_OPEN, by_button)
    table.submission(Callback.SETUP, Submission(check=check, meanwhile=saving_modal(), work=save))


async def by_command(request: Request) -> None:
    """`/crosslink setup`, for the channel it is typed in."""
    if request.channel.startswith(DIRECT):
        await request.say(
            sentences.told("A client needs a channel. Type `/crosslink setup` in the client's.")
        )
        return
    await _open(request, request.channel)


async def by_button(request: Request) -> None:
    """Edit Settings, or Set Up for a channel."""
    try:
        channel = request.read(ChannelValue).channel
    except Unreadable:
        wish = request.read(ClientValue)
        channel = (await request.desk.status.of_client(request.workspace, wish.client)).client.channel
    await _open(request, channel)


async def _open(request: Request, channel: str) -> None:
    await request.show(loading_modal())
    client = await request.desk.clients.may_set_up(request.person, channel)
    opening = Opening(
        channel=channel,
        person=request.person.user,
        client=client,
        time_zone="UTC" if client else await _time_zone(request),
        groups=await _groups(request),
    )
    await request.show(setup_modal(opening))


async def _time_zone(request: Request) -> str:
    """The person's own zone is the likeliest for their client."""
    try:
        answer = await request.slack.users_info(user=request.person.user)
    except SlackApiError:
        return "UTC"
    return str((answer.get("user") or {}).get("tz") or "UTC")


async def _groups(request: Request) -> Sequence[tuple[str, str]]:
    """The workspace's user groups; none where its plan or the granted scopes have none."""
    try:
        answer = await request.slack.usergroups_list(include_disabled=False)
    except SlackApiError:
        return ()
    return [(str(each["id"]), f"@{each['handle']}") for each in answer.get("usergroups") or ()]


def _form(filled: Filled) -> ClientForm:
    return ClientForm(**asdict(filled))


async def check(request: Request) -> Mapping[str, str]:
    """Return what is wrong, by field. A name is looked for here too, so that the person keeps their input."""
    _, filled = read_setup(request.view)
    wrong = dict(check_form(_form(filled)))
    name = " ".join(filled.name.split()).casefold()
    for client in await request.desk.clients.every(request.workspace):
        if client.name.casefold() == name and client.channel != filled.channel:
            wrong.setdefault("name", "name_taken")
    return field_errors(wrong)


async def save(request: Request) -> None:
    """Save what was filled in, and say so in the same modal."""
    meta, filled = read_setup(request.view)
    client = await request.desk.clients.set_up(request.person, _form(filled))
    request.desk.wake()
    row = await request.desk.status.of_client(request.workspace, client.id)
    await request.show(saved_modal(row, new=meta.client is None))
