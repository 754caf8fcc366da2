"""Setting a client up, and finding it again."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.domain.account import Platform, read_handle
from core.domain.client import ApprovalPolicy, Client, Intent, Person
from core.domain.errors import Trouble
from core.domain.fact import Fact, FactKind
from core.domain.ids import new_id
from core.domain.refusals import Refusal
from core.ports import Clock, Directory, UnitOfWork, Work
from core.usecases.alerting import rearm
from core.usecases.finding import meant
from core.usecases.post_news import tell_policy
from core.usecases.record import in_turn

NAME_MAX = 80
LISTED = 10
"""Names that an answer repeats at most."""
APPROVALS_MAX = 10
HOURS_MAX = 30 * 24
"""The longest that a request waits, or that nobody is reminded of it, by policy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientForm:
    """What a person filled in. Handles as typed; `needed` is the number of approvals a post needs, 0 for all.

    `remind_hours` and `expire_hours` are as they were where they are None.
    """

    name: str
    channel: str
    intent: Intent
    managers: tuple[str, ...] = ()
    oncall: tuple[str, ...] = ()
    tiktok: str = ""
    instagram: str = ""
    needed: int = 1
    self_approval: bool = False
    outsiders: tuple[str, ...] = ()
    remind_hours: int | None = None
    expire_hours: int | None = None
    time_zone: str = "UTC"

    def handles(self) -> dict[Platform, str]:
        """Return the expected handles, normalised, of the platforms where one was given. Raises Refusal."""
        typed = {Platform.TIKTOK: self.tiktok, Platform.INSTAGRAM: self.instagram}
        read = {platform: read_handle(platform, text) for platform, text in typed.items()}
        return {platform: handle for platform, handle in read.items() if handle}


def check_form(form: ClientForm) -> Mapping[str, str]:
    """Return what is wrong with a form: its field's name → the refusal's code. Empty where nothing is."""
    wrong: dict[str, str] = {}
    name = " ".join(form.name.split())
    if not name:
        wrong["name"] = "name_missing"
    elif len(name) > NAME_MAX:
        wrong["name"] = "name_too_long"
    for platform, typed in ((Platform.TIKTOK, form.tiktok), (Platform.INSTAGRAM, form.instagram)):
        try:
            read_handle(platform, typed)
        except Refusal as refusal:
            wrong[platform.value] = refusal.code
    numbers = (
        ("needed", form.needed, range(APPROVALS_MAX + 1), "needed_out_of_range"),
        ("remind_hours", form.remind_hours, range(HOURS_MAX + 1), "remind_out_of_range"),
        ("expire_hours", form.expire_hours, range(1, HOURS_MAX + 1), "expire_out_of_range"),
    )
    wrong |= {
        field: code for field, typed, allowed, code in numbers if typed is not None and typed not in allowed
    }
    if form.needed > max(len(form.managers), 1) + len(form.outsiders):
        wrong.setdefault("needed", "needed_too_many")
    if not _is_zone(form.time_zone):
        wrong["time_zone"] = "time_zone_unknown"
    return wrong


class Clients:
    """The agency's clients, as people set them up."""

    def __init__(self, *, work: Work, clock: Clock, directory: Directory) -> None:
        self._work = work
        self._clock = clock
        self._directory = directory

    async def in_channel(self, workspace: str, channel: str) -> Client | None:
        """Return the client that owns a channel."""
        async with self._work.reading() as unit:
            return await unit.clients.of_channel(workspace, channel)

    async def every(self, workspace: str) -> Sequence[Client]:
        """Return all clients of a workspace by name."""
        async with self._work.reading() as unit:
            return await unit.clients.every(workspace)

    async def find(self, workspace: str, *, name: str | None, channel: str) -> Client:
        """Return the client that is named, by whatever `meant` knows it, or the one of this channel.

        Raises Refusal `unknown_client`, `ambiguous_client`, `no_client_here`.
        """
        async with self._work.reading() as unit:
            if name:
                return await unit.clients.named(workspace, name) or await _meant(unit, workspace, name)
            client = await unit.clients.of_channel(workspace, channel)
            if client is None:
                raise Refusal("no_client_here", known=await _names(unit, workspace))
            return client

    async def may_set_up(self, person: Person, channel: str) -> Client | None:
        """Return the client that setting up here would edit, None for a new one. Raises Refusal `not_allowed`."""
        if person.is_outsider:
            raise Refusal("outsider")
        client = await self.in_channel(person.workspace, channel)
        if client is not None:
            await require_manager(self._directory, person, client)
        return client

    async def set_up(self, person: Person, form: ClientForm) -> Client:
        """Save a new client, or the edit of the one that owns this channel. Raises Refusal.

        Whoever sets up a client without naming managers becomes its manager: a client is never without one.
        """
        if wrong := check_form(form):
            field, code = next(iter(wrong.items()))
            raise Refusal(code, field=field, typed=str(getattr(form, field))[:NAME_MAX])
        existing = await self.may_set_up(person, form.channel)

        async def change(unit: UnitOfWork) -> Client:
            current = await unit.clients.get(person.workspace, existing.id) if existing else None
            saved = await unit.clients.save(self._filled(person, form, current))
            if current is not None and current.needs() != saved.needs():
                await self._look_soon(unit, saved)
            if current is not None:
                await tell_policy(unit, current, saved, person.user, self._clock.now())
            await rearm(unit, saved, self._clock.now())
            await tell_saved(unit, saved, by=person.user, at=self._clock.now(), is_new=current is None)
            return saved

        return await in_turn(self._work, change)

    async def _look_soon(self, unit: UnitOfWork, client: Client) -> None:
        """What was granted may be too little for what is needed from now on, or enough at last."""
        for connection in await unit.connections.of_client(client.workspace, client.id):
            if connection.is_held:
                await unit.connections.save(replace(connection, due_at=self._clock.now()))

    def _filled(self, person: Person, form: ClientForm, existing: Client | None) -> Client:
        base = existing or Client(
            id=new_id("cl"),
            workspace=person.workspace,
            name=form.name,
            channel=form.channel,
            intent=form.intent,
            created_at=self._clock.now(),
        )
        managers = form.managers or (person.user,)
        return replace(
            base,
            name=" ".join(form.name.split()),
            intent=form.intent,
            managers=managers,
            oncall=form.oncall,
            expected=form.handles(),
            policy=_policy(form, base.policy, managers),
            time_zone=form.time_zone,
        )


def _policy(form: ClientForm, former: ApprovalPolicy, managers: Sequence[str]) -> ApprovalPolicy:
    return replace(
        former,
        needed=form.needed,
        self_approval=form.self_approval,
        outsiders=form.outsiders,
        substitutes=tuple(each for each in former.substitutes if each.manager in managers),
        remind_hours=former.remind_hours if form.remind_hours is None else form.remind_hours,
        expire_hours=former.expire_hours if form.expire_hours is None else form.expire_hours,
    )


async def known_client(unit: UnitOfWork, workspace: str, client_id: str) -> Client:
    """Return a client of this workspace by its id. Raises Refusal `unknown_client`."""
    client = await unit.clients.get(workspace, client_id)
    if client is None:
        raise Refusal("unknown_client", typed="", known="")
    return client


async def tell_saved(unit: UnitOfWork, saved: Client, *, by: str, at: datetime, is_new: bool = False) -> None:
    """Write the news that somebody saved a client."""
    await unit.facts.add(
        Fact(
            id=new_id("fa"),
            kind=FactKind.CLIENT_SAVED,
            workspace=saved.workspace,
            at=at,
            client_id=saved.id,
            subject=saved.id,
            details={"by": by, "new": "yes" if is_new else "no"},
        )
    )


async def require_manager(directory: Directory, person: Person, client: Client) -> None:
    """Raise Refusal `not_allowed` unless the person may change this client; names those who may."""
    if not await _may_change(directory, person, client):
        raise not_allowed(client)


async def may_be_offered(directory: Directory, person: Person, client: Client) -> bool:
    """True where it is worth showing this person what only managers may do; False where Slack doesn't say."""
    with suppress(Trouble):
        return await _may_change(directory, person, client)
    return False


async def _may_change(directory: Directory, person: Person, client: Client) -> bool:
    if client.may_change(person):
        return True
    admin = not person.is_outsider and await directory.is_admin(person.workspace, person.user)
    return client.may_change(replace(person, is_admin=admin))


def not_allowed(client: Client) -> Refusal:
    """Return the refusal that names who may change a client."""
    return Refusal("not_allowed", client=client.name, managers=" ".join(client.managers))


async def _meant(unit: UnitOfWork, workspace: str, name: str) -> Client:
    every = await unit.clients.every(workspace)
    found = meant(name, every, await unit.connections.of_workspace(workspace))
    typed = name[:NAME_MAX]
    if not found:
        raise Refusal("unknown_client", typed=typed, known=_listed(every))
    if len(found) > 1:
        raise Refusal("ambiguous_client", typed=typed, known=_listed(found))
    return found[0]


async def _names(unit: UnitOfWork, workspace: str) -> str:
    return _listed(await unit.clients.every(workspace))


def _listed(clients: Sequence[Client]) -> str:
    return ", ".join(client.name for client in clients[:LISTED])


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
