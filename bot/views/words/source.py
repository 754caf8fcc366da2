"""Why a file could not be had, in one sentence: the code names it, the facts fill it in. Plain text."""

from collections.abc import Mapping

from bot.views.text import clip

SENTENCES: Mapping[str, str] = {
    # addresses that people give
    "url_unreadable": "“{typed}” isn't an address we can read. Paste the whole https address of the file.",
    "url_too_long": (
        "That address is longer than the {most} characters we can carry along. Use a shorter one, "
        "or upload the file to Slack."
    ),
    "url_not_https": "“{typed}” doesn't begin with https://, and we fetch files only over https.",
    "url_credentials": "That address carries a user name or password. Share the file in a way that needs neither.",
    "url_port": "{host} is asked for on an unusual port. We fetch files on 443 and 8443 only.",
    "url_odd_host": "“{host}” isn't a server's name. Use the address as the browser shows it.",
    "url_unknown_host": "We couldn't find a server called {host}. Check the address for typing mistakes.",
    "url_not_public": (
        "{host} leads into a private network, where we don't fetch anything. Use an address that is public."
    ),
    "url_redirects": "That address was passed on too many times. Use the file's own address.",
    "url_no_answer": "{host} didn't answer. Try again in a minute, or upload the file to Slack instead.",
    "url_certificate": "{host} couldn't prove who it is (its certificate is wrong), so we took nothing from it.",
    "url_status": "{host} answered {status} instead of the file. Check that anybody with the address may open it.",
    "url_encoded": "{host} sends the file packed. Use an address that gives the file as it is.",
    "url_page": (
        "That address shows a web page instead of the file. Use the address of the file itself: "
        "in most shares it is behind “Download”."
    ),
    "url_too_large": "The file at {host} is larger than the {largest} we take.",
    "url_too_slow": "{host} sends too slowly, so we stopped. Try again later, or upload the file to Slack.",
    "url_cut_short": "{host} stopped before the end of the file. Try again, or upload the file to Slack.",
    "url_changed": "The file at {host} changed while we looked at it. Try again when it stays as it is.",
    # files in Slack
    "slack_file_gone": "That file is no longer in Slack. Upload it again.",
    "slack_file_not_shared": (
        "We can't see that file: Crosslink isn't in a channel that it was shared in. "
        "Type /invite @Crosslink there, or upload the file again here."
    ),
    "slack_file_login": (
        "Slack showed a sign-in page instead of the file, so Crosslink may not read it. "
        "Invite Crosslink to the file's channel; if it is there, ask an admin to approve the files:read permission."
    ),
    "slack_file_scope": "Crosslink may not read files here yet. Ask an admin to approve its files:read permission.",
    "slack_file_elsewhere": (
        "That file is kept outside Slack, which only shows it. Upload the file itself, or paste its https address."
    ),
    "slack_file_address": "Slack gave an address for that file that isn't Slack's own, so we sent nothing there.",
    "slack_file_unfinished": "That file isn't fully uploaded yet. Try again in a moment.",
    "slack_file_failed": "Slack didn't hand out that file just now. Try again in a minute.",
    # files in a folder and in the store
    "file_missing": "There is no file at “{typed}”.",
    "file_not_a_file": "“{typed}” is not a file.",
    "file_unreadable": "“{typed}” can't be read: you have no right to.",
    "media_too_large": "The file is larger than the {largest} we take.",
    "media_no_room": "There is no room left for media on Crosslink's disk. Whoever runs Crosslink must make some.",
    "media_gone": "That file is no longer kept here. Choose it again.",
}
_QUOTED = 200
_UNITS = ((10**9, "GB"), (10**6, "MB"), (10**3, "kB"), (1, "bytes"))


def source_trouble(code: str, facts: Mapping[str, str]) -> str | None:
    """Return the sentence for a file that could not be had; None for a code of something else."""
    template = SENTENCES.get(code)
    if template is None:
        return None
    largest = facts.get("largest", "")
    return template.format(
        typed=clip(facts.get("typed", ""), _QUOTED),
        host=clip(facts.get("host", ""), _QUOTED) or "The server",
        most=clip(facts.get("most", ""), _QUOTED),
        status=clip(facts.get("status", ""), _QUOTED),
        largest=size(int(largest)) if largest.isdecimal() else "size",
    )


def size(count: int) -> str:
    """Return a number of bytes as people say it."""
    factor, unit = next((each for each in _UNITS if count >= each[0]), _UNITS[-1])
    return f"{count / factor:.3g} {unit}"
