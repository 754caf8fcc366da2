"""Clock, weather, phone and colours of the workspace page."""

import pytest
from playwright.async_api import expect

from tests.browser.hands import command

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


async def test_the_clock_turns_and_says_so(opening):
    page = await opening()
    await page.get_by_role("button", name="Clock").click()
    await page.get_by_role("button", name="+1 day").click()
    await expect(page.locator("#notices")).to_contain_text("Clock turned +1 day")
    await expect(page.get_by_role("dialog", name="Turn the clock")).to_contain_text("1 day ahead")


async def test_weather_changes_an_account_and_makes_and_clears_trouble(site, opening):
    page = await opening()
    await page.get_by_role("button", name="Weather").click()
    panel = page.get_by_role("complementary", name="Weather")
    await panel.get_by_role("region", name="TikTok").get_by_role("button", name="Change…").first.click()
    await page.get_by_role("menuitem", name="Make it private").click()
    await expect(page.locator("#notices")).to_contain_text("TikTok: @nordlicht.bakery is private now.")

    await panel.get_by_role("tab", name="Trouble").click()
    await panel.get_by_label("What happens").select_option(label="does it, but the answer is lost")
    await panel.get_by_role("button", name="Make it so").click()
    await expect(panel.get_by_role("listitem")).to_contain_text("the answer is lost until you clear it")
    assert site.sandbox.world.faults.list()[0].what == "drop_after"
    await panel.get_by_role("button", name="Clear all trouble").click()
    await expect(panel).to_contain_text("Fair weather")
    assert site.sandbox.world.faults.list() == ()


async def test_on_a_phone_nothing_is_wider_than_the_screen_and_the_channels_are_a_drawer(opening):
    page = await opening(**PHONE)
    await command(page, "card")
    await expect(page.get_by_role("button", name="Relink")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await page.evaluate(
        "document.querySelector('.scroll').scrollWidth <= document.querySelector('.scroll').clientWidth"
    )

    await expect(page.get_by_role("button", name="velo-werk")).to_be_hidden()
    await page.get_by_role("button", name="Channels").click()
    await page.get_by_role("button", name="velo-werk").click()
    await expect(page.get_by_role("heading", name="velo-werk")).to_be_visible()
    await expect(page.get_by_role("button", name="general")).to_be_hidden()
    await page.get_by_role("button", name="Weather").click()
    await expect(page.get_by_role("complementary", name="Weather")).to_be_in_viewport()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_text_stands_out_from_its_ground(opening, scheme):
    page = await opening(color_scheme=scheme)
    await command(page, "card")
    await expect(page.get_by_role("button", name="Relink")).to_be_visible()
    weak = await page.evaluate(CONTRAST)
    assert weak == []


# Contrast of every visible text against the nearest opaque ground, by WCAG's formula; answers those below 4.5.
CONTRAST = """() => {
  const parse = (css) => { const m = css.match(/[\\d.]+/g).map(Number); return css.startsWith("color(srgb") ? [m[0]*255, m[1]*255, m[2]*255, m[3] ?? 1] : [m[0], m[1], m[2], m[3] ?? 1]; };
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (node) => {
    const layers = [];
    for (let at = node; at; at = at.parentElement) { const c = parse(getComputedStyle(at).backgroundColor); layers.unshift(c); if (c[3] === 1) break; }
    return layers.reduce((under, [r, g, b, a]) => [r, g, b].map((v, i) => v * a + under[i] * (1 - a)), [255, 255, 255]);
  };
  const weak = [];
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
    if (!own || !node.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || node.closest(":disabled, .visually-hidden, .skip")) continue;
    const [l1, l2] = [light(parse(getComputedStyle(node).color)), light(ground(node))].sort((a, b) => b - a);
    const ratio = (l1 + 0.05) / (l2 + 0.05);
    if (ratio < 4.5) weak.push(`${node.textContent.trim().slice(0, 40)}: ${ratio.toFixed(2)}`);
  }
  return weak;
}"""
