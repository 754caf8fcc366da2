"""How the page draws Block Kit and Slack's markup: its own modules, asked in a real browser."""

from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

MRKDWN = """async (text) => {
  const { mrkdwn } = await import("/_sandbox/page/mrkdwn.js");
  const node = document.createElement("div");
  node.append(...mrkdwn(text));
  return node.innerHTML;
}"""

MARKDOWN = """async (text) => {
  const { markdown } = await import("/_sandbox/page/markdown.js");
  const node = document.createElement("div");
  node.append(...markdown(text));
  return node.innerText;
}"""

DRAWN = """async (list) => {
  const { blocks } = await import("/_sandbox/page/blocks.js");
  const { Form } = await import("/_sandbox/page/form.js");
  const surface = { user: "U0REQUESTER", form: new Form(), act: () => {}, people: () => ({ users: [], channels: [] }) };
  const node = document.createElement("div");
  node.append(...blocks(list, surface));
  document.body.append(node);
  return [node.innerText, node.querySelectorAll(".unknown").length];
}"""


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*bold* _it_ ~gone~", "<strong>bold</strong> <em>it</em> <s>gone</s>"),
        ("*bold _and it_*", "<strong>bold <em>and it</em></strong>"),
        ("2*3*4 and snake_case_name", "2*3*4 and snake_case_name"),
        ("* not bold *", "* not bold *"),
        ("`*as it is* &lt;b&gt;`", "<code>*as it is* &lt;b&gt;</code>"),
        ("```\na\n  b\n```", "<pre>a\n  b</pre>"),
        ("one\ntwo", "one<br>two"),
        ("&gt; said\nthen", "<blockquote>said</blockquote>then"),
        ("a &lt;b&gt; &amp;amp; c", "a &lt;b&gt; &amp;amp; c"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        (
            "<@U0MANAGER> <#C0VELO|x>",
            '<span class="mention">@manager</span> <span class="mention">#velo-werk</span>',
        ),
        (
            "<!subteam^S0ONCALL> <!here>",
            '<span class="mention">@on-call-team</span> <span class="mention">@here</span>',
        ),
        ("<javascript:alert(1)|click>", "<span>click</span>"),
        (":nothing_like_it: 10:30:45", ":nothing_like_it: 10:30:45"),
        ("<!date^zero^{date}|long ago>", "<span>long ago</span>"),
    ],
)
async def test_mrkdwn(opening, text, html):
    page = await opening()
    assert await page.evaluate(MRKDWN, text) == html


async def test_links_leave_the_page_safely(opening):
    page = await opening()
    html = await page.evaluate(MRKDWN, "<https://a.example/?x=1&amp;y=2|the *page*>")
    assert 'href="https://a.example/?x=1&amp;y=2"' in html
    assert 'rel="noopener noreferrer"' in html
    assert ">the *page*</a>" in html


async def test_dates_are_told_in_the_readers_zone_and_by_the_sandboxs_day(site, opening):
    page = await opening(timezone_id="Asia/Tokyo")
    assert "2026-01-02 at 00:30" in await page.evaluate(MRKDWN, "<!date^1767281400^{date_num} at {time}|x>")
    now = int(site.sandbox.world.clock.timestamp())
    assert ">Today<" in await page.evaluate(MRKDWN, f"<!date^{now}^{{date_pretty}}|x>")
    await page.evaluate("async () => (await import('/_sandbox/page/dates.js')).setOffset(86_400_000)")
    assert ">Yesterday<" in await page.evaluate(MRKDWN, f"<!date^{now}^{{date_pretty}}|x>")


async def test_markdown(opening):
    page = await opening()
    text = "# Title\n\nHello **you** and [a page](https://a.example)\n\n- one\n- two\n\n```\n<b>\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    drawn = await page.evaluate(MARKDOWN, text)
    for words in ("Title", "Hello you and a page", "one", "<b>", "a", "2"):
        assert words in drawn
    assert "**" not in drawn
    assert "|" not in drawn


def text(words: str, kind: str = "plain_text") -> dict[str, Any]:
    return {"type": kind, "text": words}


def option(words: str) -> dict[str, Any]:
    return {"text": text(words), "value": words}


OPTIONS = [option("first"), option("second")]
SELECTS = [
    f"{many}{kind}_select"
    for many in ("", "multi_")
    for kind in ("static", "external", "users", "conversations", "channels")
]
RICH = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "rich"}]}],
}
CELL = {"type": "raw_text", "text": "cell"}
ELEMENTS = [
    {"type": "button", "action_id": "a", "text": text("press")},
    {"type": "overflow", "action_id": "b", "options": OPTIONS},
    {"type": "checkboxes", "action_id": "c", "options": OPTIONS},
    {"type": "radio_buttons", "action_id": "d", "options": OPTIONS},
    {"type": "datepicker", "action_id": "e"},
    {"type": "timepicker", "action_id": "f"},
    {"type": "datetimepicker", "action_id": "g"},
    {"type": "workflow_button", "action_id": "h", "text": text("flow")},
    *({"type": kind, "action_id": kind, "options": OPTIONS} for kind in SELECTS),
]
INPUTS = [
    "plain_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "rich_text_input",
    "file_input",
]
CARD = {"type": "card", "title": text("card"), "body": text("body", "mrkdwn"), "actions": [ELEMENTS[0]]}
TASK = {"type": "task_card", "task_id": "1", "title": "task", "status": "complete", "output": RICH}
BLOCKS = [
    {"type": "section", "text": text("*section*", "mrkdwn"), "fields": [text("field")]},
    {"type": "header", "text": text("header")},
    {"type": "divider"},
    {"type": "context", "elements": [text("context")]},
    {"type": "actions", "elements": ELEMENTS},
    *(
        {"type": "input", "label": text(f"label {kind}"), "element": {"type": kind, "action_id": kind}}
        for kind in INPUTS
    ),
    RICH,
    {"type": "markdown", "text": "**markdown**"},
    {"type": "table", "rows": [[CELL], [{"type": "raw_number", "value": 1234}]]},
    {"type": "data_table", "caption": "caption", "rows": [[CELL]] + [[CELL]] * 7},
    {
        "type": "data_visualization",
        "title": "pie",
        "chart": {"type": "pie", "segments": [{"label": "slice", "value": 3}]},
    },
    CARD,
    {"type": "carousel", "elements": [CARD]},
    {"type": "container", "title": text("container"), "child_blocks": [{"type": "divider"}]},
    {"type": "alert", "text": text("alert"), "level": "warning"},
    {"type": "plan", "title": "plan", "tasks": [TASK]},
    TASK,
    {"type": "auth_provider", "value": "tiktok", "name": text("provider"), "is_connected": False},
    {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "i",
                "positive_button": {"text": text("good"), "value": "1"},
                "negative_button": {"text": text("bad"), "value": "0"},
            },
            {"type": "icon_button", "action_id": "j", "icon": "trash", "text": text("delete")},
        ],
    },
    {"type": "file", "external_id": "file", "source": "remote"},
]


async def test_every_block_and_element_of_slacks_current_set_is_drawn(opening):
    page = await opening()
    numbered = [{**block, "block_id": f"b{number}"} for number, block in enumerate(BLOCKS)]
    words, unknown = await page.evaluate(DRAWN, numbered)
    assert unknown == 0
    for said in (
        "section",
        "field",
        "header",
        "context",
        "press",
        "rich",
        "markdown",
        "1,234",
        "Page 1 of 2",
        "slice",
        "card",
        "plan",
        "provider",
        "alert",
    ):
        assert said in words, said
    for kind in INPUTS:
        assert f"label {kind}" in words


async def test_what_the_page_cant_draw_is_said(opening):
    page = await opening()
    words, unknown = await page.evaluate(
        DRAWN, [{"type": "hologram", "block_id": "x"}, {"type": "section", "block_id": "y"}]
    )
    assert unknown == 1
    assert "This page can't draw the block “hologram”." in words


async def test_a_menu_opens_at_what_is_chosen(opening):
    page = await opening()
    menu = {"type": "static_select", "action_id": "menu", "options": OPTIONS, "initial_option": OPTIONS[1]}
    label = {"type": "input", "block_id": "b", "label": text("pick"), "element": menu}
    await page.evaluate(DRAWN, [label])
    await page.get_by_role("button", name="second").click()
    assert await page.locator(".option.pointed").inner_text() == "second"
    assert await page.locator(".option[aria-selected=true]").inner_text() == "second"
