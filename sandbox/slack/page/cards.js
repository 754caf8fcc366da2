// Blocks that frame other content: cards, containers, alerts, plans, account connections.

import { h, link, safeUrl } from "./dom.js";
import { icon } from "./icons.js";
import { element, image } from "./elements.js";
import { plain, textObject } from "./mrkdwn.js";
import { richText } from "./rich_text.js";

export function card(block, surface) {
  const place = { surface, blockId: block.block_id, live: true };
  const titles = [
    block.title ? h("p", { class: "card-title" }, textObject(block.title)) : null,
    block.subtitle ? h("p", { class: "muted" }, textObject(block.subtitle)) : null,
  ];
  const head =
    block.icon || titles.some(Boolean)
      ? h("div", { class: "card-head" }, block.icon ? image(block.icon, "card-icon") : null, h("div", {}, titles))
      : null;
  return h(
    "div",
    { class: "card" },
    block.hero_image ? image(block.hero_image, "card-hero") : null,
    head,
    block.body ? h("p", {}, textObject(block.body)) : null,
    block.subtext ? h("p", { class: "muted" }, textObject(block.subtext)) : null,
    block.actions
      ? h(
          "div",
          { class: "block-actions" },
          block.actions.map((one) => element(one, place)),
        )
      : null,
  );
}

export function carousel(block, surface) {
  const cards = block.elements.map((one) => h("li", {}, card({ block_id: block.block_id, ...one }, surface)));
  return h("ul", { class: "carousel", tabindex: 0, "aria-label": "Cards" }, cards);
}

export function container(block, surface, draw) {
  const title = block.rich_text_title ? richText(block.rich_text_title) : h("span", {}, plain(block.title.text));
  const subtitle = block.subtitle ? h("span", { class: "muted" }, textObject(block.subtitle)) : null;
  const head = [
    block.icon ? image(block.icon, "card-icon") : null,
    h("span", { class: "container-titles" }, h("strong", {}, title), subtitle),
  ];
  const classes = ["container", `width-${block.width ?? "standard"}`, block.has_header_divider && "ruled"];
  const body = h("div", { class: "container-body" }, draw(block.child_blocks, surface));
  if (!block.is_collapsible) return h("div", { class: classes }, h("div", { class: "container-head" }, head), body);
  return h(
    "details",
    { class: classes, open: !block.default_collapsed },
    h("summary", { class: "container-head" }, head, icon("down")),
    body,
  );
}

const ALERTS = { default: "info", info: "info", warning: "warn", error: "warn", success: "check" };

export function alert(block) {
  const level = block.level ?? "default";
  return h(
    "div",
    { class: ["alert", `alert-${level}`], role: level === "error" ? "alert" : "note" },
    icon(ALERTS[level] ?? "info"),
    h("div", {}, textObject(block.text)),
  );
}

const STATUSES = {
  pending: ["pending", "Waiting"],
  in_progress: ["pending", "Under way"],
  complete: ["check", "Done"],
  error: ["warn", "Failed"],
};

export function taskCard(task) {
  const [sign, words] = STATUSES[task.status] ?? STATUSES.pending;
  const sources = (task.sources ?? []).map((source) => h("li", {}, link(source.url, source.text)));
  return h(
    "div",
    { class: ["task", `task-${task.status}`] },
    h("p", { class: "task-title" }, icon(sign), h("strong", {}, task.title), h("span", { class: "muted" }, words)),
    task.details ? richText(task.details) : null,
    task.output ? richText(task.output) : null,
    sources.length ? h("ul", { class: "sources" }, sources) : null,
  );
}

export function plan(block) {
  return h("div", { class: "plan" }, h("strong", {}, block.title), (block.tasks ?? []).map(taskCard));
}

export function authProvider(block, surface) {
  const connected = block.is_connected;
  const url = connected ? block.disconnect_url : block.auth_url;
  const described = {
    type: "button",
    action_id: `auth_provider_connect_${block.value}`,
    text: { text: connected ? "Disconnect" : "Connect" },
    value: block.value,
    url: url && safeUrl(url),
  };
  const who = [block.connected_identity?.text, block.connected_context?.text].filter(Boolean).join(" · ");
  const place = { surface, blockId: block.block_id, live: true };
  return h(
    "div",
    { class: "card auth-provider" },
    block.icon_url ? image({ image_url: block.icon_url, alt_text: "" }, "card-icon") : icon("shared"),
    h(
      "div",
      { class: "section-body" },
      h("p", { class: "card-title" }, block.name.text),
      h("p", { class: "muted" }, connected ? who || "Connected" : block.description?.text),
    ),
    element(described, place),
    connected && block.accessory ? element(block.accessory, place) : null,
  );
}
