"""Rich text: the block whose elements Slack's composer writes, and that apps may send.

Source: docs.slack.dev/reference/block-kit/blocks/rich-text-block.
"""

from sandbox.slack.composition import ID
from sandbox.slack.schema import ByType, Flag, Kind, Number, Rows, Text, Thing

_STYLES = ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink")
_STYLE = Thing({name: Flag() for name in _STYLES})
_INDENT = Number(0, 8)
_BORDER = Number(0, 1)
_NAME = Text(least=1)


def _part(fields: dict[str, Kind], *needs: str) -> Kind:
    return Thing({"type": Text(), "style": _STYLE, **fields}, needs=("type", *needs))


PARTS = ByType(
    {
        "text": _part({"text": Text(least=1)}, "text"),
        "link": _part({"url": _NAME, "text": Text(), "unsafe": Flag()}, "url"),
        "user": _part({"user_id": _NAME}, "user_id"),
        "usergroup": _part({"usergroup_id": _NAME}, "usergroup_id"),
        "team": _part({"team_id": _NAME}, "team_id"),
        "channel": _part({"channel_id": _NAME}, "channel_id"),
        "emoji": _part({"name": _NAME, "unicode": Text(), "skin_tone": Number(1, 6)}, "name"),
        "broadcast": _part({"range": Text(words=("here", "channel", "everyone"))}, "range"),
        "color": _part({"value": Text(like="#[0-9a-fA-F]{6}")}, "value"),
        "date": _part(
            {"timestamp": Number(), "format": _NAME, "url": Text(), "fallback": Text()}, "timestamp", "format"
        ),
    }
)


def _group(fields: dict[str, Kind], of: Kind = PARTS) -> Kind:
    return Thing({"type": Text(), "elements": Rows(of), **fields}, needs=("type", "elements"))


SECTION = _group({})

RICH_TEXT = Thing(
    {
        "type": Text(),
        "block_id": ID,
        "elements": Rows(
            ByType(
                {
                    "rich_text_section": SECTION,
                    "rich_text_quote": _group({"border": _BORDER}),
                    "rich_text_preformatted": _group({"border": _BORDER, "language": Text()}),
                    "rich_text_list": Thing(
                        {
                            "type": Text(),
                            "style": Text(words=("bullet", "ordered")),
                            "elements": Rows(ByType({"rich_text_section": SECTION}), 1),
                            "indent": _INDENT,
                            "offset": Number(0),
                            "border": _BORDER,
                        },
                        needs=("type", "style", "elements"),
                    ),
                }
            ),
            1,
        ),
    },
    needs=("type", "elements"),
)
