"""How an app leaves a team: its tokens revoked, or the whole app taken out."""

from sandbox.slack.app import Installation
from sandbox.slack.state import State


def revoke(state: State, team: str) -> Installation | None:
    """The bot token stops working (`token_revoked`) and the app is told by `tokens_revoked`."""
    gone = state.retire(team, "token_revoked")
    if gone is not None:
        _tell_revoked(state, gone)
    return gone


def uninstall(state: State, team: str) -> Installation | None:
    """The app leaves: its token is `account_inactive`, its bot user leaves the channels, both events go out."""
    gone = state.retire(team, "account_inactive")
    if gone is None:
        return None
    for channel in state.workspace.channels.values():
        if gone.bot_user in channel.members and not channel.is_im:
            channel.members.remove(gone.bot_user)
    for stack in state.windows.stacks.values():
        stack[:] = [view for view in stack if view.installation is not gone]
    _tell_revoked(state, gone)
    state.events.publish({"type": "app_uninstalled"}, gone)
    state.feed.tell("workspace")
    return gone


def _tell_revoked(state: State, gone: Installation) -> None:
    state.events.publish({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [gone.bot_user]}}, gone)
