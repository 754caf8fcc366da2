"""What the composer's page shows of a post: values for its template, and the same counts and sentences as in Slack."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.media_links import MediaLinks
from bot.views.text import handle
from bot.views.words import composing, consent
from bot.views.words.finding import advice, title
from bot.views.words.mending import done
from bot.views.words.names import PLATFORM
from bot.views.words.post import FORM, flaw, form_label, privacy
from bot.views.words.preflight import MUSIC, allowed, measured, unit
from bot.views.words.source import size
from bot.web.compose_form import local_time
from core.domain.account import Platform
from core.domain.composing import Count, Flaw, forms_for
from core.domain.limits import Severity
from core.domain.media import Kind
from core.domain.post import Content, Form, InstagramOptions, Item, Target, TikTokOptions
from core.domain.preflight import Finding, Music
from core.ports import Kept
from core.usecases.checking import Checked

LIFE = timedelta(hours=2)
PLACED = frozenset(
    {
        "items",
        "caption",
        "time",
        "targets",
        "music",
        "title",
        "privacy",
        "comment",
        "duet",
        "stitch",
        "disclosure",
        "consent",
    }
)
"""Fields beside which the page shows what is wrong with them; anything else stands above all."""
_INTERACTIONS = ("comment", "duet", "stitch")


def shown(checked: Checked, links: MediaLinks, flaws: Sequence[Flaw]) -> Mapping[str, Any]:
    """Return the template's values. `flaws` are those that a person is to see now."""
    content, client = checked.post.content, checked.client
    tiktok, instagram = content.target(Platform.TIKTOK), content.target(Platform.INSTAGRAM)
    options = tiktok.tiktok if tiktok else TikTokOptions()

    def address(item: Item) -> str:
        return links.url(Kept(sha256=item.sha256, size=item.size), item.name, life=LIFE)

    return {
        "client": client.name,
        "zone": client.time_zone,
        "content": content,
        "options": options,
        "instagram": instagram.instagram if instagram else InstagramOptions(),
        "off_because": _off(checked),
        "asks_music": asks_music(content),
        "items": [_item(each, address) for each in content.items],
        "poster": address(checked.poster) if checked.poster else "",
        "places": [_place(checked, platform) for platform in Platform],
        "flaws": [_flaw(each) for each in flaws],
        "placed": PLACED,
        "findings": _findings(checked),
        "counts": _counts(checked.counts, content.targets),
        "time": local_time(content.publish_at, client.time_zone),
        "music": [
            ("unasked", "Choose…"),
            *((str(each), MUSIC[each]) for each in Music if each is not Music.UNASKED),
        ],
        "privacy": _audiences(checked),
        "consent": consent,
        "labels": _labels(options, tiktok),
        "composing": composing,
        "is_too_long": checked.plan is not None and checked.plan.longest is not None,
    }


def asks_music(content: Content) -> bool:
    """True where whose music it is has to be asked: no file tells."""
    return any(each.kind is Kind.VIDEO for each in content.items)


def fixes(checked: Checked) -> str:
    """Return what Fix would do to the file, "" where there is nothing to press."""
    plan = checked.plan
    if plan is None or plan.longest is not None:
        return ""
    return " ".join(f"Fix makes a new one: {done(each)}." for each in plan.recipes)


def _item(item: Item, address: Callable[[Item], str]) -> Mapping[str, Any]:
    return {
        "is_video": item.kind is Kind.VIDEO,
        "url": address(item),
        "name": item.name,
        "about": f"{item.seconds:.0f} s · {size(item.size)}" if item.seconds else size(item.size),
    }


def _place(checked: Checked, platform: Platform) -> Mapping[str, Any]:
    content, target = checked.post.content, checked.post.content.target(platform)
    forms = [each for each in forms_for(content.items) if each.platform is platform]
    sender = checked.senders.get(platform)
    who = (
        f"{sender.name} ({handle(sender.handle)})"
        if sender and sender.handle
        else sender.name
        if sender
        else ""
    )
    return {
        "platform": str(platform),
        "name": PLATFORM[platform],
        "is_on": target is not None,
        "target": target,
        "forms": [(str(each), form_label(each)) for each in forms],
        "own_caption": target.caption if target else None,
        "sender": who,
        "photos": bool(content.items) and all(each.kind is Kind.IMAGE for each in content.items),
    }


def _flaw(found: Flaw) -> Mapping[str, Any]:
    return {
        "field": found.field,
        "platform": str(found.platform) if found.platform else None,
        "text": flaw(found),
    }


def _findings(checked: Checked) -> list[Mapping[str, str]]:
    """One line for each finding; what several targets say alike is said once, with all of them."""
    if checked.report is None:
        return []
    places: dict[tuple[str, str, str], list[str]] = {}
    for name, judged in checked.report.targets.items():
        for each in judged.findings:
            if each.severity is not Severity.QUESTION:  # the form asks it
                places.setdefault((each.severity, _what(each), _sentence(each)), []).append(FORM[Form(name)])
    return [
        {"severity": severity, "where": ", ".join(names), "text": f"{what}: {sentence}"}
        for (severity, what, sentence), names in places.items()
    ]


def _what(finding: Finding) -> str:
    return f"{title(finding)} (file {finding.item})" if finding.item else title(finding)


def _sentence(finding: Finding) -> str:
    return f"{measured(finding)}, allowed {allowed(finding)}. {advice(finding)}"


def _counts(counts: Sequence[Count], targets: Sequence[Target]) -> Mapping[str, list[Mapping[str, Any]]]:
    """Counts of the common caption, and of each platform's own."""
    own = {str(each.platform): each.caption is not None for each in targets}
    found: dict[str, list[Mapping[str, Any]]] = {"common": [], **{str(each): [] for each in Platform}}
    for each in counts:
        platform = str(each.form.platform)
        row = {
            "kind": each.subject,
            "used": each.used,
            "most": each.most,
            "unit": unit(each.unit),
            "where": FORM[each.form],
        }
        if each.subject.startswith("caption."):
            found[platform].append(row)
            if not own.get(platform):
                found["common"].append(row)
    return found


def _audiences(checked: Checked) -> list[tuple[str, str]]:
    return [(each, privacy(each)) for each in checked.creator.options] if checked.creator else []


def _off(checked: Checked) -> Mapping[str, str]:
    """Why each interaction can't be allowed, "" where it can."""
    creator = checked.creator
    if creator is None:
        is_linked = Platform.TIKTOK in checked.senders
        unknown = "TikTok doesn't say right now whether this may be allowed."
        return dict.fromkeys(_INTERACTIONS, unknown if is_linked else "No account is linked yet.")
    off = "The account switched this off at TikTok."
    may = (creator.may_comment, creator.may_duet, creator.may_stitch)
    return {each: "" if is_on else off for each, is_on in zip(_INTERACTIONS, may, strict=True)}


def _labels(options: TikTokOptions, target: Target | None) -> Mapping[str, str]:
    thing = "photo" if target is not None and target.form is Form.TIKTOK_PHOTO else "video"
    return {
        "own": consent.label(own_brand=True, branded=False, thing=thing),
        "branded": consent.label(own_brand=False, branded=True, thing=thing),
        "now": consent.label(own_brand=options.own_brand, branded=options.branded, thing=thing),
    }
