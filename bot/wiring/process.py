"""One process of the bot, built and started."""

import os
import socket
from dataclasses import dataclass

import httpx
from slack_bolt.async_app import AsyncApp

from bot import logs
from bot.clock import SystemClock
from bot.listeners.desk import Desk
from bot.listeners.tasks import table
from bot.loop import Duty, Loop
from bot.metrics import Metrics
from bot.runtime import Role, Runtime
from bot.settings import Misconfigured, Settings
from bot.slack.app import build as build_slack
from bot.slack.dispatch import Dispatch
from bot.slack.errors import Errors
from bot.slack.guard import Guard
from bot.slack.install import Credentials, Install
from bot.slack.socket import Socket
from bot.slack.solo import Solo
from bot.slack.tasks import Tasks
from bot.wiring.adapters import open_adapters
from bot.wiring.apps import traits
from bot.wiring.letters import letters
from bot.wiring.lifecycle import Process
from bot.wiring.media import MediaDesk, open_desk
from bot.wiring.parts import Parts
from bot.wiring.posting import PostDesk, open_posting
from bot.wiring.publishing import open_publishing
from bot.wiring.telling import Sources, messenger
from core.domain.account import Platform
from core.domain.ids import new_id
from core.domain.secret import Secret
from core.ports import Clock
from core.scheduler import Duties, Scheduler
from core.usecases.absences import Absences
from core.usecases.alert_settings import AlertSettings
from core.usecases.alerting import Alerting
from core.usecases.clients import Clients
from core.usecases.history import History
from core.usecases.incidents import Incidents
from core.usecases.linking import Linking
from core.usecases.notices import Notices
from core.usecases.queue import DeliveriesQueued
from core.usecases.status import Status
from core.usecases.tidying import Tidying
from core.usecases.unlinking import Unlinking
from core.usecases.watching import Watching
from core.usecases.workspaces import Workspaces


def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    owner: str | None = None,
    role: Role = Role.ALL,
    transport: httpx.AsyncBaseTransport | None = None,
    aside: bool = True,
) -> Runtime:
    """Return a bot that is ready to start. Raises Misconfigured.

    `owner` names this process in leases; `transport` is another way to the platforms than the network; `aside` is
    whether an embedded database works in threads of its own.
    """
    if problems := settings.problems():
        raise Misconfigured(problems)
    logs.through_logging()
    clock, metrics = clock or SystemClock(), Metrics()
    parts = Parts(
        settings=settings,
        role=role,
        clock=clock,
        owner=owner or new_id(f"{socket.gethostname()}-{os.getpid()}"),
        adapters=open_adapters(settings, clock, transport=transport, aside=aside, metrics=metrics),
        metrics=metrics,
        tasks=Tasks(),
    )
    return _assemble(parts)


def _assemble(parts: Parts) -> Runtime:
    settings, adapters = parts.settings, parts.adapters
    notices = Notices(work=adapters.work, clock=parts.clock, owner=parts.owner)
    linking, watching, status = _linking(parts), _watching(parts), _status(parts)
    queue = DeliveriesQueued(adapters.work)
    alerting = Alerting(work=adapters.work, clock=parts.clock)
    media = open_desk(settings, adapters, parts.clock, watching)
    posting = open_posting(settings, adapters, parts.clock, media=media, watching=watching)
    publishing = open_publishing(
        adapters,
        parts.clock,
        media=media,
        watching=watching,
        owner=parts.owner,
        are_others=not settings.is_embedded,
    )
    scheduler = Scheduler(
        work=adapters.work,
        clock=parts.clock,
        duties=Duties(
            linking=linking,
            watching=watching,
            notices=notices,
            alerting=alerting,
            publishing=publishing,
            requests=posting.approving.attend_due,
        ),
        messenger=messenger(
            adapters,
            parts.clock,
            sources=Sources(
                status=status,
                queue=queue,
                posts=posting.posts,
                links=media.links,
                base_url=settings.base_url,
            ),
            tasks=parts.tasks,
            owner=parts.owner,
        ),
        owner=parts.owner,
    )
    tidying = Tidying(work=adapters.work, clock=parts.clock, store=media.room.store)
    duty = Duty(
        tick=scheduler.tick,
        news=scheduler.news,
        drain=scheduler.drain,
        tidy=tidying.tidy,
    )
    loop = Loop(duty=duty, clock=parts.clock, metrics=parts.metrics)
    publishing.wake = loop.wake
    shared = Shared(linking=linking, watching=watching, status=status, media=media, posting=posting)
    desk = _desk(parts, loop, shared)
    errors = Errors(parts.metrics)
    dispatch = Dispatch(table=table(), desk=desk, hooks=adapters.api, tasks=parts.tasks, errors=errors)
    app = build_slack(
        api=adapters.api, installations=adapters.installations, dispatch=dispatch, errors=errors
    )
    process = Process(parts, media, publishing, loop=loop, solo=_solo(parts), slack=_socket(parts, app))
    return Runtime(
        role=parts.role,
        base_url=settings.base_url,
        clock=parts.clock,
        desk=desk,
        notices=notices,
        letters=letters(settings),
        slack=app,
        installations=adapters.installations,
        guard=_guard(parts),
        install=_install(parts),
        tasks=parts.tasks,
        metrics=parts.metrics,
        media=media.room.store,
        media_links=media.links,
        consent_pages=(settings.tiktok_auth_url, settings.instagram_auth_url),
        tick=scheduler.tick,
        health=process.health,
        readiness=process.readiness,
        measure=process.measure,
        start=process.start,
        leave=process.leave,
        stop=process.stop,
    )


def _linking(parts: Parts) -> Linking:
    def redirect_uri(platform: Platform) -> str:
        return f"{parts.settings.base_url}/connect/{platform}/callback"

    return Linking(
        work=parts.adapters.work,
        clock=parts.clock,
        providers=parts.adapters.providers,
        directory=parts.adapters.directory,
        redirect_uri=redirect_uri,
    )


def _watching(parts: Parts) -> Watching:
    adapters = parts.adapters
    return Watching(work=adapters.work, clock=parts.clock, providers=adapters.providers, owner=parts.owner)


def _status(parts: Parts) -> Status:
    return Status(work=parts.adapters.work, clock=parts.clock, traits=traits(parts.settings))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What the desk shares with the scheduler, the messenger or the web."""

    linking: Linking
    watching: Watching
    status: Status
    media: MediaDesk
    posting: PostDesk


def _desk(parts: Parts, loop: Loop, shared: Shared) -> Desk:
    adapters, clock = parts.adapters, parts.clock
    work, providers, directory = adapters.work, adapters.providers, adapters.directory
    return Desk(
        clients=Clients(work=work, clock=clock, directory=directory),
        linking=shared.linking,
        watching=shared.watching,
        unlinking=Unlinking(
            work=work, clock=clock, providers=providers, directory=directory, watching=shared.watching
        ),
        status=shared.status,
        history=History(work=work),
        preflighting=shared.media.preflighting,
        composing=shared.posting.composing,
        requesting=shared.posting.requesting,
        approving=shared.posting.approving,
        posts=shared.posting.posts,
        deliveries=shared.posting.deliveries,
        incidents=Incidents(work=work, clock=clock),
        alert_settings=AlertSettings(work=work, clock=clock, directory=directory),
        absences=Absences(work=work, clock=clock, directory=directory),
        workspaces=Workspaces(work=work, clock=clock, providers=providers),
        directory=directory,
        shelf=shared.media.shelf,
        media_links=shared.media.links,
        compose_links=shared.posting.links,
        jobs=shared.media.jobs,
        work=work,
        clock=clock,
        base_url=parts.settings.base_url,
        wake=loop.wake,
        forget=adapters.installations.forget,
    )


def _guard(parts: Parts) -> Guard | None:
    if parts.settings.uses_socket:
        return None
    secret = Secret(parts.settings.slack_signing_secret.get_secret_value())
    return Guard(secret=secret, clock=parts.clock)


def _install(parts: Parts) -> Install | None:
    settings = parts.settings
    if not settings.is_multi_workspace:
        return None
    app = Credentials(
        client_id=settings.slack_client_id,
        secret=Secret(settings.slack_client_secret.get_secret_value()),
        authorize_url=settings.slack_authorize_url,
        redirect_uri=f"{settings.base_url}/slack/oauth_redirect",
    )
    adapters = parts.adapters
    return Install(app=app, store=adapters.store, slack=adapters.api.bare, clock=parts.clock)


def _solo(parts: Parts) -> Solo | None:
    if parts.settings.is_multi_workspace:
        return None
    token = Secret(parts.settings.slack_bot_token.get_secret_value())
    return Solo(token=token, api=parts.adapters.api, installations=parts.adapters.installations)


def _socket(parts: Parts, app: AsyncApp) -> Socket | None:
    if not parts.settings.uses_socket or parts.role is Role.WORKER:
        return None
    return Socket(app, Secret(parts.settings.slack_app_token.get_secret_value()))
