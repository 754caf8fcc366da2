// Block Kit's blocks as elements of the page.

import { h, link, uid } from "./dom.js";
import { icon } from "./icons.js";
import { alert, authProvider, card, carousel, container, plan, taskCard } from "./cards.js";
import { element, image, LABELLED, unknown } from "./elements.js";
import { markdown } from "./markdown.js";
import { plain, textObject } from "./mrkdwn.js";
import { richText } from "./rich_text.js";
import { chart, dataTable, table } from "./tables.js";

/** How much of a section's text names the select beside it. */
const LABEL = 80;

function section(block, surface) {
  const fields = block.fields?.map((field) => h("div", { class: "field" }, textObject(field)));
  const text = block.text ? h("div", { class: "section-text" }, textObject(block.text)) : null;
  const body = [text, fields ? h("div", { class: "fields" }, fields) : null];
  const place = { surface, blockId: block.block_id, live: true, label: text?.textContent.slice(0, LABEL) };
  const accessory = block.accessory ? h("div", { class: "accessory" }, element(block.accessory, place)) : null;
  return h(
    "div",
    { class: ["block-section", accessory && "has-accessory"] },
    h("div", { class: "section-body" }, body),
    accessory,
  );
}

function header(block) {
  return h(
    "p",
    { class: "block-header", role: "heading", "aria-level": (block.level ?? 1) + 2 },
    plain(block.text.text, { emojiCodes: block.text.emoji !== false }),
  );
}

function actions(block, surface) {
  const place = { surface, blockId: block.block_id, live: true };
  return h(
    "div",
    { class: "block-actions" },
    block.elements.map((one) => element(one, place)),
  );
}

function context(block) {
  const one = (part) =>
    part.type === "image" ? image(part, "context-image") : h("span", { class: "context-text" }, textObject(part));
  return h("div", { class: "block-context" }, block.elements.map(one));
}

function picture(block) {
  const title = block.title ? h("figcaption", {}, plain(block.title.text)) : null;
  return h("figure", { class: "block-image" }, title, image(block, "picture"));
}

function input(block, surface) {
  const id = LABELLED.has(block.element.type) ? uid("field") : null;
  const error = surface.errors?.[block.block_id];
  const errorId = error ? uid("error") : null;
  const place = {
    surface,
    blockId: block.block_id,
    live: Boolean(block.dispatch_action),
    label: block.label.text,
    id,
    describedBy: errorId,
  };
  const optional = block.optional ? h("span", { class: "optional" }, " (optional)") : null;
  const label = h(id ? "label" : "p", { class: "label", for: id }, plain(block.label.text), optional);
  const hint = block.hint ? h("p", { class: "hint" }, plain(block.hint.text)) : null;
  const problem = error
    ? h("p", { class: "field-error", id: errorId, role: "alert" }, icon("warn"), h("span", {}, error))
    : null;
  return h(
    "div",
    { class: ["block-input", error && "has-error"] },
    label,
    element(block.element, place),
    problem,
    hint,
  );
}

function video(block) {
  const title = block.title_url ? link(block.title_url, block.title.text) : link(block.video_url, block.title.text);
  const by = [block.author_name, block.provider_name].filter(Boolean).join(" · ");
  return h(
    "div",
    { class: "block-video" },
    h("p", { class: "video-title" }, icon("film"), title),
    by ? h("p", { class: "muted" }, by) : null,
    block.description ? h("p", {}, plain(block.description.text)) : null,
    image({ image_url: block.thumbnail_url, alt_text: block.alt_text }, "picture"),
  );
}

const KINDS = {
  section,
  header,
  actions,
  context_actions: actions,
  context,
  divider: () => h("hr"),
  image: picture,
  input,
  video,
  rich_text: richText,
  markdown: (block) => h("div", { class: "block-markdown" }, markdown(block.text)),
  table,
  data_table: dataTable,
  data_visualization: chart,
  file: (block) => h("p", { class: "block-file" }, icon("file"), `Remote file ${block.external_id}`),
  call: (block) => h("p", { class: "block-file" }, icon("bolt"), `Call ${block.call_id}`),
  alert,
  card,
  carousel,
  container: (block, surface) => container(block, surface, blocks),
  plan,
  task_card: taskCard,
  auth_provider: authProvider,
};

/** Draws one list of blocks for `surface` ({user, form, act, suggest, people, upload, errors?}). */
export function blocks(list, surface) {
  return (list ?? []).map((block) => {
    const node = draw(block, surface);
    return h("div", { class: "block", data: { block: block.block_id ?? "" } }, node);
  });
}

function draw(block, surface) {
  try {
    return KINDS[block.type]?.(block, surface) ?? unknown("block", block);
  } catch (failure) {
    console.warn(`Block ${block.type} could not be drawn`, failure);
    return unknown("block", block);
  }
}
