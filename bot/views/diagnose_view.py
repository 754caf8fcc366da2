"""The three questions of a broken link, answered from evidence, and the next step."""

from datetime import datetime

from bot import ids
from bot.ids import Action
from bot.views import blocks
from bot.views.blocks import Block, Element, Message
from bot.views.pair import step_button
from bot.views.text import bold, esc, name
from bot.views.words import connection as words
from bot.views.words import dates
from bot.views.words import diagnosis as answers
from bot.views.words.names import MARK, PLATFORM, STATE
from core.domain.account import Platform
from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.diagnosis import Answered, Diagnosis, NextStep

_CHECKS = frozenset(
    {NextStep.NOTHING, NextStep.WAIT, NextStep.OPEN_THE_APP, NextStep.SHOW_PROFILE_LINK, NextStep.PROVE}
)
"""Steps whose own button already looks at the platform."""


def diagnose_message(client: Client, connection: Connection, diagnosis: Diagnosis, at: datetime) -> Message:
    """What is wrong with a connection, how we know, and what to do now."""
    platform, verdict = connection.platform, diagnosis.verdict
    summary = f"{PLATFORM[platform]} of {esc(name(client.name))}: {STATE[verdict.state]}. "
    summary += words.step(diagnosis.next_step, platform)
    reason = words.reason(verdict.reason, platform)
    head = f"{MARK[verdict.state]} {bold(client.name)} · {PLATFORM[platform]} · {STATE[verdict.state]}"
    return blocks.message(
        summary,
        [
            blocks.section(f"{head}\n{reason}"),
            *[_answer(each, platform, at, above=reason) for each in diagnosis.answers],
            blocks.section(f"*Next step:* {words.step(diagnosis.next_step, platform)}"),
            *_fallback(diagnosis),
            *blocks.actions(*_buttons(client, connection, diagnosis)),
        ],
    )


def _answer(answered: Answered, platform: Platform, at: datetime, *, above: str) -> Block:
    """One question with its answer and what that rests on; what stands `above` already isn't said again."""
    seen, why = answered.seen_at, answers.because(answered, platform)
    dated = f" _Seen {dates.ago(seen, at)} ({dates.moment(seen)})._" if seen else ""
    return blocks.section(
        f"*{answers.QUESTION[answered.question]}* {answers.ANSWER[answered.answer]}.\n"
        f"{esc(answers.AS_ABOVE if why == above else why)}{dated}"
    )


def _fallback(diagnosis: Diagnosis) -> list[Block]:
    if diagnosis.fallback is None or diagnosis.next_step is NextStep.NOTHING:
        return []
    return [
        blocks.context(
            "If nothing helps: put the other profile's address into this profile by hand. "
            f"This profile is at {esc(diagnosis.fallback)}"
        )
    ]


def _buttons(client: Client, connection: Connection, diagnosis: Diagnosis) -> list[Element | None]:
    step = step_button(client, connection.platform, diagnosis.next_step, connection.id, primary=True)
    one = ids.ConnectionValue(client=client.id, connection=connection.id)
    check = None if diagnosis.next_step in _CHECKS else blocks.button("Check Now", Action.STATUS_CHECK, one)
    profile = diagnosis.fallback and blocks.url_button(
        "Open Profile", Action.PROFILE_OPEN, diagnosis.fallback
    )
    relink = None
    if diagnosis.next_step is NextStep.PROVE:
        relink = step_button(client, connection.platform, NextStep.RELINK, connection.id)
    return [step, check, relink, profile or None]
