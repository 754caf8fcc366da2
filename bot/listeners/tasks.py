"""All that people do in Slack, and the one table that they fill."""

from bot.listeners import (
    absence,
    alerts,
    approval,
    delivery,
    diagnose,
    help,  # noqa: A004 - a task's name
    history,
    home,
    incident,
    lifecycle,
    link,
    mending,
    post,
    post_fix,
    post_steps,
    posted,
    posts,
    preflight,
    settings,
    setup,
    status,
    unlink,
)
from bot.listeners.table import Table

TASKS = (
    help,
    setup,
    settings,
    link,
    status,
    diagnose,
    unlink,
    preflight,
    mending,
    history,
    home,
    lifecycle,
    incident,
    posted,
    alerts,
    absence,
    post,
    post_steps,
    post_fix,
    posts,
    approval,
    delivery,
)


def table() -> Table:
    """Return the table with every task's listeners in it."""
    filled = Table()
    for task in TASKS:
        task.register(filled)
    return filled
