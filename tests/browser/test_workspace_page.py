"""What people rely on in the workspace page, done in a real browser against the emulated Slack."""

import pytest
from playwright.async_api import expect

from tests.browser.hands import command, said

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def test_a_slash_offers_commands_and_their_words_and_enter_sends_the_chosen_one(site, opening):
    page = await opening()
    box = page.get_by_role("textbox", name="Message #nordlicht-bakery")

    await box.press_sequentially("/cr")
    await expect(page.get_by_role("option", name="/crosslink")).to_be_visible()
    await box.press("Tab")
    await expect(page.get_by_role("option", name="/crosslink help")).to_have_attribute(
        "aria-selected", "true"
    )
    await box.press("ArrowDown")
    await expect(page.get_by_role("option", name="/crosslink setup")).to_have_attribute(
        "aria-selected", "true"
    )
    await box.press("ArrowDown")
    await expect(page.get_by_role("option", name="/crosslink link")).to_contain_text("[tiktok|instagram]")
    await box.press("ArrowDown")
    await box.press("Enter")
    await expect(box).to_have_value("/crosslink help")
    await box.press("Enter")

    await expect(said(page, "Try status in #velo-werk")).to_be_visible()
    assert site.app.of_type("command")[-1]["text"] == "help"


async def test_a_button_is_pressed_and_its_message_shows_the_outcome_instead(site, opening):
    page = await opening()
    await command(page, "card")
    await page.get_by_role("button", name="Relink").click()

    await expect(said(page, "Relinked by @requester")).to_be_visible()
    await expect(page.get_by_role("button", name="Relink")).to_have_count(0)
    assert site.app.of_type("block_actions")[0]["actions"][0]["block_id"] == "acts"


async def test_a_confirmed_button_asks_first(site, opening):
    page = await opening()
    await command(page, "card")
    await page.get_by_role("button", name="Unlink").click()
    await page.get_by_role("button", name="Keep it").click()
    assert site.app.of_type("block_actions") == []

    await page.get_by_role("button", name="Unlink").click()
    await page.get_by_role("button", name="Unlink it").click()
    await expect(said(page, "Unlinked by @requester")).to_be_visible()


async def test_a_url_button_opens_beside_and_tells_the_app(site, opening):
    page = await opening()
    await page.context.route("https://platform.example/**", lambda route: route.fulfill(body="consent"))
    await command(page, "card")
    async with page.expect_popup() as popup:
        await page.get_by_role("link", name="Open page").click()
    assert (await popup.value).url == "https://platform.example/consent"
    assert (await site.app.hear("block_actions"))["actions"][0]["action_id"] == "open"


async def test_what_the_app_fails_at_is_said_beside_the_control(opening):
    page = await opening()
    await command(page, "break")
    await expect(said(page, "/crosslink failed with the error")).to_contain_text("Only visible to you")

    await command(page, "card")
    await page.get_by_role("button", name="Break").click()
    await expect(page.get_by_role("alert")).to_contain_text("This app is having trouble")


async def test_a_modal_shows_errors_beside_their_fields_and_keeps_what_was_typed(site, opening):
    page = await opening()
    await command(page, "setup")
    dialog = page.get_by_role("dialog", name="Set up a client")
    field = dialog.get_by_label("Client's name")

    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_role("alert")).to_have_text("Please complete this required field.")

    await field.fill("taken")
    await dialog.get_by_role("button", name="Managers").click()
    await page.get_by_role("option", name="@manager").click()
    await page.keyboard.press("Escape")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_role("alert")).to_have_text("There is already a client of that name.")
    await expect(field).to_have_value("taken")
    await expect(field).to_be_focused()
    await expect(dialog.locator(".chip")).to_have_text("@manager")

    await field.fill("Nordlicht Bakery")
    await field.press("Enter")
    await expect(dialog).to_have_count(0)
    values = site.app.of_type("view_submission")[-1]["view"]["state"]["values"]
    assert values["client"]["name"]["value"] == "Nordlicht Bakery"
    assert values["people"]["people"]["selected_users"] == ["U0MANAGER"]


async def test_escape_closes_a_modal_and_tells_the_app(site, opening):
    page = await opening()
    await command(page, "setup")
    dialog = page.get_by_role("dialog", name="Set up a client")
    await expect(dialog.get_by_label("Client's name")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(page.get_by_role("textbox", name="Message #nordlicht-bakery")).to_be_focused()
    assert (await site.app.hear("view_closed"))["view"]["callback_id"] == "setup"


async def test_a_pushed_view_lies_over_the_first_and_going_back_keeps_what_was_typed(opening):
    page = await opening()
    await command(page, "setup")
    first = page.get_by_role("dialog", name="Set up a client")
    await first.get_by_label("Client's name").fill("Velo Werk")
    await first.get_by_role("button", name="More…").click()

    second = page.get_by_role("dialog", name="Details")
    await expect(second).to_contain_text("Two views deep")
    await second.get_by_role("button", name="Back").click()
    await expect(first.get_by_label("Client's name")).to_have_value("Velo Werk")


async def test_options_from_the_app_are_found_by_typing(site, opening):
    page = await opening()
    await command(page, "setup")
    dialog = page.get_by_role("dialog", name="Set up a client")
    await dialog.get_by_label("Client's name").fill("Velo Werk")
    await dialog.get_by_role("button", name="Time zone").click()
    await expect(page.get_by_role("listbox")).to_contain_text("Type at least 2 characters.")
    await page.get_by_role("combobox", name="Search").fill("europe")
    await expect(page.get_by_role("option")).to_have_text(["Europe/Berlin", "Europe/Rome"])
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(dialog.get_by_role("button", name="Time zone: Europe/Rome")).to_be_focused()
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_have_count(0)
    values = site.app.of_type("view_submission")[0]["view"]["state"]["values"]
    assert values["zone"]["zone"]["selected_option"]["value"] == "Europe/Rome"


async def test_the_apps_home_and_its_messages_are_two_tabs(site, opening):
    page = await opening()
    await page.get_by_role("button", name="Crosslink", exact=True).click()
    await expect(page.get_by_role("tabpanel")).to_contain_text("What needs you")
    await page.get_by_role("button", name="Refresh").click()
    assert (await site.app.hear("block_actions"))["view"]["type"] == "home"

    await page.get_by_role("tab", name="Messages").click()
    await page.get_by_role("textbox", name="Message crosslink").fill("Hello, app")
    await page.keyboard.press("Enter")
    await expect(said(page, "Hello, app")).to_be_visible()


async def test_an_ephemeral_answer_is_for_one_person_only(opening):
    requester = await opening("U0REQUESTER")
    manager = await opening("U0MANAGER")
    await command(requester, "help")
    await expect(said(requester, "Try status")).to_contain_text("Only visible to you")

    await manager.get_by_role("textbox", name="Message #").fill("Here already?")
    await manager.keyboard.press("Enter")
    await expect(said(requester, "Here already?")).to_be_visible()
    await expect(said(manager, "Here already?")).to_be_visible()
    await expect(said(manager, "Try status")).to_have_count(0)


async def test_whose_eyes_these_are_is_plain_and_changes_what_is_seen(opening):
    page = await opening()
    channels = page.get_by_role("navigation")
    await expect(page.locator("#eyes")).to_have_text("You see what the requester sees · Agency")
    await expect(channels.get_by_role("button", name="general")).to_be_visible()

    await page.get_by_role("radio", name="Outsider").click()
    await expect(page.locator("#eyes")).to_contain_text("Outside Studio, another workspace")
    await expect(channels.get_by_role("button", name="velo-werk")).to_be_visible()
    await expect(channels.get_by_role("button", name="general")).to_have_count(0)
    await expect(channels).to_contain_text("No app is installed in this workspace.")


async def test_the_keyboard_alone_is_enough(opening):
    page = await opening(place="C0GENERAL")
    await page.get_by_role("button", name="nordlicht-bakery").focus()
    await page.keyboard.press("Enter")
    box = page.get_by_role("textbox", name="Message #nordlicht-bakery")
    await expect(box).to_be_visible()
    await box.focus()
    await page.keyboard.type("/crosslink card")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Relink")).to_be_visible()

    await page.keyboard.press("Shift+Tab")
    for _ in range(12):
        if await page.evaluate("document.activeElement.textContent") == "Relink":
            break
        await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")
    await expect(said(page, "Relinked by @requester")).to_be_focused()
    await page.keyboard.press("Home")
    await page.keyboard.press("End")
    await expect(said(page, "Relinked by @requester")).to_be_focused()


async def test_words_from_the_wire_stay_words(opening):
    page = await opening()
    await page.get_by_role("textbox", name="Message #").fill("<img src=x onerror=alert(1)> *bold* & `code`")
    await page.keyboard.press("Enter")
    message = said(page, "onerror")
    await expect(message).to_contain_text("<img src=x onerror=alert(1)> bold & code")
    await expect(message.locator("strong", has_text="bold")).to_be_visible()
    await expect(message.locator("img")).to_have_count(0)


async def test_a_reply_stands_in_the_thread_and_is_counted(opening):
    page = await opening()
    await page.get_by_role("textbox", name="Message #").fill("A question")
    await page.keyboard.press("Enter")
    await said(page, "A question").hover()
    await page.get_by_role("button", name="Reply in thread").click()
    thread = page.get_by_role("complementary", name="Thread")
    await thread.get_by_role("textbox").fill("An answer")
    await page.keyboard.press("Enter")

    await expect(thread.get_by_role("article")).to_have_count(2)
    await expect(page.get_by_role("main").get_by_role("button", name="1 reply")).to_be_visible()


async def test_a_message_shortcut_reaches_the_app_with_the_message(site, opening):
    page = await opening()
    await page.get_by_role("textbox", name="Message #").fill("Look at this clip")
    await page.keyboard.press("Enter")
    await said(page, "Look at this clip").hover()
    await page.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Preflight this video").click()
    await expect(page.get_by_role("menu")).to_have_count(0)
    assert (await site.app.hear("message_action"))["message"]["text"] == "Look at this clip"


async def test_a_file_is_attached_sent_and_shown(opening):
    page = await opening()
    await page.locator("#composer input[type=file]").set_input_files(
        {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"hello"}
    )
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.locator(".file")).to_contain_text("notes.txt")
