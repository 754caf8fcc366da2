"""The three questions of a broken link and their answers."""

from collections.abc import Mapping

from bot.views.text import listed
from bot.views.words import connection, outcome
from bot.views.words.names import CAPABILITY, PLATFORM
from core.domain.account import Platform
from core.domain.diagnosis import Answer, Answered, Question
from core.domain.invitation import LinkOutcome
from core.domain.observation import Capability
from core.domain.verdict import Reason

QUESTION: Mapping[Question, str] = {
    Question.OPTION_MISSING: "Is an option missing?",
    Question.AUTHORIZATION_FAILS: "Does the authorization fail?",
    Question.UNLINK_DID_NOT_UNLINK: "Is an unlink stuck halfway?",
}

ANSWER: Mapping[Answer, str] = {Answer.YES: "Yes", Answer.NO: "No", Answer.UNKNOWN: "We don't know yet"}

_BECAUSE: Mapping[str, str] = {
    "not_professional": "The account is a personal one, and {platform} shows the option to professional ones only.",
    "never_seen": "Nobody has come back from {platform}'s page yet, so we have seen no options.",
    "all_granted": "{platform} granted everything this client needs.",
    "never_tried": "Nothing is held for {platform} at the moment, so nothing could be refused.",
    "proof_due": "{platform} hasn't answered our checks lately.",
    "proved": "{platform} answered our last check.",
    "platform_still_holds": "It was unlinked here, but {platform} still lists Crosslink among the account's apps.",
    "we_still_hold": "Somebody removed Crosslink at {platform}, but nobody unlinked it here.",
    "proved_gone": "{platform} confirmed that our access is ended.",
    "nobody_unlinked": "Nobody asked to unlink.",
}
AS_ABOVE = "For the reason above."
_NOT_GRANTED = "{platform} didn't grant {missing}."
_ELSE = "That is what the last evidence says."


def because(answered: Answered, platform: Platform) -> str:
    """Return what an answer rests on. `Answered.because` is a code, or a code and its argument after a colon."""
    code, _, argument = answered.because.partition(":")
    name = PLATFORM[platform]
    if code == "not_granted":
        missing = [each for each in Capability if each in argument.split(",")]
        return _NOT_GRANTED.format(platform=name, missing=listed(f"“{CAPABILITY[each]}”" for each in missing))
    if code == "attempt" and argument in set(LinkOutcome):
        attempt = outcome.Attempt(outcome=LinkOutcome(argument), platform=platform, client="this client")
        return f"The last attempt: {outcome.said(attempt).title}."
    if code == "refused" and argument in set(Reason):
        return connection.reason(Reason(argument), platform)
    return _BECAUSE.get(code, _ELSE).format(platform=name)
