"""Preflight: a file named by command, modal or a message's menu, and the card that answers."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from bot.ids import Action, Callback, PreflightMeta, PreflightValue, Shortcut
from bot.listeners import files
from bot.listeners.jobs import Ending, Job
from bot.listeners.request import Request
from bot.listeners.spot import Spot
from bot.listeners.table import Submission, Table
from bot.listeners.typed import target
from bot.views.preflight_form import (
    findings_modal,
    preflight_errors,
    preflight_modal,
    read_preflight,
    waiting_modal,
)
from bot.views.preflight_view import Card, TargetCard, card, looking, refused, shared
from bot.views.words.refused import sentence
from core.domain.preflight import Draft
from core.domain.refusals import Refusal
from core.ports import MediaOrigin
from core.usecases.preflighting import Examined, Order

POSTER_LIFE = timedelta(days=1)
DOWNLOAD_LIFE = timedelta(hours=1)
_RESTART = "Crosslink is being restarted, so it stopped looking at that file. Ask again in a minute."


def register(table: Table) -> None:
    """Listen to the command, the shortcut, the modal, and the card's buttons that change nothing."""
    table.command("preflight", by_command)
    table.shortcut(Shortcut.PREFLIGHT, by_shortcut)
    table.submission(Callback.PREFLIGHT, Submission(check=check, meanwhile=None, work=by_modal))
    for action in (Action.PREFLIGHT_FINDINGS, Action.PREFLIGHT_PAGE, Action.PREFLIGHT_BACK):
        table.action(action, findings)
    table.action(Action.PREFLIGHT_SHARE, share)
    table.link(Action.PREFLIGHT_DOWNLOAD)


async def by_command(request: Request) -> None:
    """`/crosslink preflight [URL] [client]`"""
    url, rest = files.of_command(request.text)
    if not url:
        await _open(request)
        return
    value = files.of_address(url, client=await _client(request, target(rest).name))
    await _answer(request, value, lambda: files.at_address(request, url))


async def _client(request: Request, name: str | None = None) -> str | None:
    """The client that is named, else the channel's own, where it has one."""
    clients = request.desk.clients
    if name:
        return (await clients.find(request.workspace, name=name, channel=request.channel)).id
    here = await clients.in_channel(request.workspace, request.channel)
    return here.id if here else None


async def _open(request: Request) -> None:
    await request.show(waiting_modal())
    clients = await request.desk.clients.every(request.workspace)
    meta = PreflightMeta(channel=request.channel, hook=request.response_url)
    await request.show(
        preflight_modal(meta, clients, request.desk.preflighting.targets, await _client(request))
    )


async def by_shortcut(request: Request) -> None:
    """Preflight this video: the file of a message, or its link."""
    facts, url = files.of_message(request.body.get("message") or {})
    client = await _client(request)
    if facts is None:
        value = files.of_address(url, client=client)
        await _answer(request, value, lambda: files.at_address(request, url))
        return
    value = files.of_slack(facts, client=client)
    await _answer(request, value, lambda: files.slack_origin(request, facts))


async def check(request: Request) -> Mapping[str, str]:
    """Return what is wrong, by field."""
    return preflight_errors(read_preflight(request.view)[1])


async def by_modal(request: Request) -> None:
    """Look at what was chosen in the modal; the answer goes where the modal was asked for."""
    meta, chosen = read_preflight(request.view)
    wish = {
        "targets": chosen.targets,
        "client": chosen.client,
        "caption": await request.desk.shelf.keep_text(chosen.caption) if chosen.caption else None,
    }
    spot = Spot(request, hook=meta.hook)
    if (facts := chosen.file) is None:
        value = files.of_address(chosen.url, **wish)
        await _answer(request, value, lambda: files.at_address(request, chosen.url), spot)
    else:
        value = files.of_slack(facts, **wish)
        await _answer(request, value, lambda: files.slack_origin(request, facts), spot)


async def _answer(
    request: Request,
    value: PreflightValue,
    find: Callable[[], Awaitable[MediaOrigin]],
    spot: Spot | None = None,
) -> None:
    """Say at once that we look, then show the card in its place."""
    spot = spot or Spot(request)
    await spot.show(looking(value.name))

    async def work(job: Job) -> None:
        async with job.turn:
            found = await examined(request, value, await find())
        await spot.show(card(card_of(request, value, found)))

    await in_place(request, spot, work, lambda _ending: spot.show(refused(_RESTART)))


async def in_place(
    request: Request,
    spot: Spot,
    work: Callable[[Job], Awaitable[None]],
    ended: Callable[[Ending], Awaitable[None]],
) -> None:
    """Do work on a file in its turn; a refusal stands where its outcome would."""
    try:
        await request.desk.jobs.run(request.person, work, ended)
    except Refusal as refusal:
        await spot.show(refused(sentence(refusal)))


async def order_of(request: Request, value: PreflightValue) -> Order:
    """Return what a card asks about its file."""
    caption = await request.desk.shelf.text(value.caption) if value.caption else ""
    return Order(targets=value.targets, client=value.client, draft=Draft(caption=caption, music=value.music))


async def examined(request: Request, value: PreflightValue, source: MediaOrigin) -> Examined:
    """Return what a file amounts to."""
    return await request.desk.preflighting.examine(request.person, source, await order_of(request, value))


def card_of(request: Request, value: PreflightValue, found: Examined, *, is_made: bool = False) -> Card:
    """Return the card of an examination; one of a version that we made can be downloaded."""
    media, links = found.report.media[0], request.desk.media_links
    picture = links.url(found.poster, "poster.jpg", life=POSTER_LIFE) if found.poster else ""
    targets = (
        tuple(each.limits.target for each in found.report.targets.values()) if is_made else value.targets
    )
    can_download = is_made and found.kept is not None
    return Card(
        media=media,
        targets=[
            TargetCard(
                target=each.limits.target,
                verdict=each.verdict,
                findings=each.findings,
                handle=each.limits.account.handle if each.limits.account else None,
            )
            for each in found.report.targets.values()
        ],
        order=files.now_kept(replace(value, targets=targets), found.kept, media.name),
        recipes=found.plan.recipes,
        longest=found.plan.longest,
        shortest=found.plan.shortest,
        hopeless=_hopeless(found),
        client=found.client.name if found.client else "",
        poster=picture,
        download=links.url(found.kept, media.name, life=DOWNLOAD_LIFE, download=True)
        if can_download and found.kept
        else "",
        fetched=found.fetched if value.url and not value.file else 0,
        is_made=is_made,
    )


def _hopeless(found: Examined) -> str:
    why = found.plan.refused
    return sentence(why) if why is not None and why.code == "fix_impossible" else ""


async def again(request: Request) -> Card:
    """Return the card behind a button, looked at once more: a card is a picture of its moment."""
    value = request.read(PreflightValue)
    found = await examined(request, value, await files.origin(request, value))
    return card_of(request, value, found)


async def findings(request: Request) -> None:
    """Show All Findings, and their pages."""
    page = request.read(PreflightValue).page
    if not request.modal:
        await request.show(waiting_modal())
    await request.show(findings_modal(await again(request), page))


async def share(request: Request) -> None:
    """Show the result to the whole channel."""
    shown = await again(request)
    await request.tell(request.channel, shared(shown, request.person.user))
