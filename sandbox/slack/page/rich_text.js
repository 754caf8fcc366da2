// The rich_text block: sections, lists, quotes and preformatted text made of styled runs.

import { h, link } from "./dom.js";
import { fullTime, slackDate } from "./dates.js";
import { emoji } from "./emoji.js";
import { mention, plain } from "./mrkdwn.js";
import { channelName, groupName, userName } from "./names.js";

const STYLES = [
  ["code", "code"],
  ["bold", "strong"],
  ["italic", "em"],
  ["strike", "s"],
  ["underline", "u"],
  ["highlight", "mark"],
];

const LEAVES = {
  text: (leaf) => plain(leaf.text, { emojiCodes: false }),
  link: (leaf) => [link(leaf.url, leaf.text || leaf.url)],
  emoji: (leaf) => [emoji(leaf.name) ?? `:${leaf.name}:`],
  user: (leaf) => [mention(`@${userName(leaf.user_id) ?? leaf.user_id}`)],
  channel: (leaf) => [mention(`#${channelName(leaf.channel_id) ?? leaf.channel_id}`)],
  usergroup: (leaf) => [mention(`@${groupName(leaf.usergroup_id) ?? leaf.usergroup_id}`)],
  broadcast: (leaf) => [mention(`@${leaf.range}`)],
  date: dateLeaf,
  color: (leaf) => [h("code", {}, leaf.value)],
};

function dateLeaf(leaf) {
  const when = new Date(leaf.timestamp * 1000);
  const words = slackDate(leaf.timestamp, leaf.format ?? "") ?? leaf.fallback ?? fullTime(when);
  const node = h("time", { datetime: when.toISOString(), title: fullTime(when) }, words);
  return [leaf.url ? link(leaf.url, node) : node];
}

function run(leaf) {
  const nodes = LEAVES[leaf.type]?.(leaf) ?? [`[${leaf.type}]`];
  return STYLES.filter(([name]) => leaf.style?.[name]).reduce((inner, [, tag]) => [h(tag, {}, inner)], nodes);
}

const runs = (element) => (element.elements ?? []).flatMap(run);

function list(element) {
  const ordered = element.style === "ordered";
  const start = ordered && element.offset ? element.offset + 1 : null;
  const classes = ["rich-list", `indent-${Math.min(element.indent ?? 0, 8)}`, element.border && "bordered"];
  return h(
    ordered ? "ol" : "ul",
    { class: classes, start },
    element.elements.map((item) => h("li", {}, runs(item))),
  );
}

const PARTS = {
  rich_text_section: (element) => h("div", { class: "rich-section" }, runs(element)),
  rich_text_list: list,
  rich_text_preformatted: (element) => h("pre", {}, runs(element)),
  rich_text_quote: (element) => h("blockquote", {}, runs(element)),
};

export function richText(block) {
  const parts = (block.elements ?? []).map(
    (element) => PARTS[element.type]?.(element) ?? h("div", {}, `[${element.type}]`),
  );
  return h("div", { class: "rich-text" }, parts);
}
