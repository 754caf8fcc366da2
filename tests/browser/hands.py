"""What hands and eyes do in the workspace page, for its tests."""

from playwright.async_api import Locator, Page


async def command(page: Page, text: str) -> None:
    """Type `/crosslink text` and send it."""
    box = page.get_by_role("textbox", name="Message #")
    await box.fill(f"/crosslink {text}")
    await box.press("Enter")


def said(page: Page, text: str) -> Locator:
    """The messages with that text."""
    return page.get_by_role("article").filter(has_text=text)
