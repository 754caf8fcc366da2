"""Blocks and elements of Slack's Block Kit: the smallest that are allowed, changed by name."""


def plain(text="x"):
    return {"type": "plain_text", "text": text}


def mrkdwn(text="x"):
    return {"type": "mrkdwn", "text": text}


def option(**more):
    return {"text": plain(), "value": "v", **more}


def options(count):
    return [option(value=str(n)) for n in range(count)]


def button(**more):
    return {"type": "button", "text": plain(), **more}


def image(**more):
    return {"type": "image", "image_url": "https://a.example/i.png", "alt_text": "", **more}


def section(**more):
    return {"type": "section", "text": mrkdwn(), **more}


def beside(element):
    return section(accessory=element)


def field(element, **more):
    return {"type": "input", "label": plain(), "element": element, **more}


def written(**more):
    return field({"type": "plain_text_input", **more})


def actions(*elements):
    return {"type": "actions", "elements": list(elements)}


def confirm(**more):
    return {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain(), **more}


def rich(text="x"):
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}],
    }


def raw(text="x"):
    return {"type": "raw_text", "text": text}


def table(rows):
    return {"type": "table", "rows": rows}


def data_table(rows, **more):
    return {"type": "data_table", "caption": "c", "rows": rows, **more}


def card(**more):
    return {"type": "card", "title": mrkdwn(), **more}


def container(**more):
    return {"type": "container", "title": plain(), "child_blocks": [section()], **more}


def task(number=0):
    return {"type": "task_card", "task_id": f"t{number}", "title": "t", "status": "pending"}


def auth(**more):
    return {"type": "auth_provider", "value": "v", "name": plain(), "is_connected": False, **more}


def video(**more):
    return {
        "type": "video",
        "alt_text": "a",
        "video_url": "https://a.example/v",
        "thumbnail_url": "https://a.example/t",
        "title": plain(),
        **more,
    }


def pie(count, label="l"):
    segments = [{"label": f"{label}", "value": 1} for _ in range(count)]
    return {"type": "data_visualization", "title": "t", "chart": {"type": "pie", "segments": segments}}


def url(length):
    return "https://a.example/".ljust(length, "x")


def select(kind="static_select", **more):
    return {"type": kind, **more}


def many(block, count):
    return [dict(block) for _ in range(count)]
