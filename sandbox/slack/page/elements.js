// Every interactive element by its type. `place` says where it stands: {surface, blockId, live, label, id, describedBy}.

import { h, safeUrl } from "./dom.js";
import { icon } from "./icons.js";
import { confirm } from "./ask.js";
import { choices, dateInput, fileInput, richTextInput, textInput } from "./inputs.js";
import { plain } from "./mrkdwn.js";
import { openMenu } from "./popup.js";
import { select } from "./selects.js";

const STYLES = { primary: "primary", danger: "danger" };

function hidden(element, place) {
  const only = element.visible_to_user_ids;
  return Boolean(only?.length) && !only.includes(place.surface.user);
}

async function press(element, place, node, url) {
  if (element.confirm && !(await confirm(element.confirm))) return;
  if (url) window.open(url, "_blank", "noopener");
  place.surface.act(element, place.blockId, null, node);
}

/** A button; with a url it is a link that opens beside, and the app hears of the click all the same. */
function button(element, place) {
  if (hidden(element, place)) return null;
  const url = element.url ? safeUrl(element.url) : null;
  const common = { class: ["button", STYLES[element.style]], "aria-label": element.accessibility_label };
  const words = plain(element.text.text, { emojiCodes: element.text.emoji !== false });
  const own = url && !element.confirm;
  const click = () => press(element, place, node, own ? null : url);
  const node = own
    ? h("a", { ...common, href: url, target: "_blank", rel: "noopener", on: { click } }, words, icon("external"))
    : h("button", { ...common, type: "button", on: { click } }, words);
  return h("div", { class: "element" }, node);
}

function iconButton(element, place) {
  if (hidden(element, place)) return null;
  const label = element.accessibility_label ?? element.text.text;
  const node = h(
    "button",
    {
      type: "button",
      class: "icon-button",
      "aria-label": label,
      title: element.text.text,
      on: { click: () => press(element, place, node) },
    },
    icon(element.icon),
  );
  return h("div", { class: "element" }, node);
}

function feedback(element, place) {
  const one = (part, side, sign) => {
    const click = () => place.surface.act(element, place.blockId, side, node);
    const node = h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": part.accessibility_label ?? part.text.text,
        title: part.text.text,
        on: { click },
      },
      icon(sign),
    );
    return node;
  };
  return h(
    "div",
    { class: "element" },
    one(element.positive_button, "positive", "thumbsup"),
    one(element.negative_button, "negative", "thumbsdown"),
  );
}

function overflow(element, place) {
  const choose = async (option) => {
    if (element.confirm && !(await confirm(element.confirm))) return;
    place.surface.act(element, place.blockId, { type: element.type, selected_option: option }, node);
  };
  const items = element.options.map((option) => ({
    label: option.text.text,
    detail: option.description?.text,
    href: option.url ? safeUrl(option.url) : null,
    run: () => choose(option),
  }));
  const open = () => openMenu(node, "More actions", items);
  const node = h(
    "button",
    {
      type: "button",
      class: "button overflow",
      "aria-label": "More actions",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      on: { click: open },
    },
    icon("more"),
  );
  return h("div", { class: "element" }, node);
}

function workflowButton(element) {
  const title = "Workflows don't run in the sandbox";
  return h(
    "div",
    { class: "element" },
    h(
      "button",
      { type: "button", class: ["button", STYLES[element.style]], disabled: true, title },
      plain(element.text.text),
    ),
  );
}

/** An image by address; one that can't be loaded leaves its description. */
export function image(element, className) {
  const source = element.image_url ?? element.slack_file?.url;
  const missing = () =>
    node.replaceWith(h("span", { class: "image-missing" }, icon("file"), element.alt_text || "Image"));
  const node = h("img", {
    class: className,
    src: source ? safeUrl(source) : null,
    alt: element.alt_text ?? "",
    loading: "lazy",
    referrerpolicy: "no-referrer",
    on: { error: missing },
  });
  return node;
}

const KINDS = {
  button,
  icon_button: iconButton,
  feedback_buttons: feedback,
  overflow,
  workflow_button: workflowButton,
  image: (element) => image(element, "accessory-image"),
  checkboxes: choices,
  radio_buttons: choices,
  plain_text_input: textInput,
  email_text_input: textInput,
  url_text_input: textInput,
  number_input: textInput,
  rich_text_input: richTextInput,
  file_input: fileInput,
  datepicker: dateInput,
  timepicker: dateInput,
  datetimepicker: dateInput,
};

/** Elements whose label can point at a native control. */
export const LABELLED = new Set([
  "plain_text_input",
  "email_text_input",
  "url_text_input",
  "number_input",
  "rich_text_input",
  "file_input",
  "datepicker",
  "timepicker",
  "datetimepicker",
]);

export function element(described, place) {
  if (described.type.endsWith("_select")) return select(described, place);
  return KINDS[described.type]?.(described, place) ?? unknown("element", described);
}

/** What this page can't draw is said, never dropped. */
export function unknown(noun, described) {
  const shown = JSON.stringify(described, null, 2);
  return h(
    "details",
    { class: "unknown" },
    h("summary", {}, icon("info"), `This page can't draw the ${noun} “${described?.type ?? "?"}”.`),
    h("pre", {}, shown),
  );
}
