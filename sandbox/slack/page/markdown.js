// The markdown block: the standard Markdown that Slack accepts there. Line by line, no HTML ever.

import { h, link } from "./dom.js";
import { withEmoji } from "./emoji.js";

const INLINE = [
  [/^`([^`]+)`/, (m) => h("code", {}, m[1])],
  [/^!\[([^\]]*)\]\(([^)\s]+)\)/, (m) => link(m[2], m[1] || m[2])],
  [/^\[([^\]]+)\]\(([^)\s]+)\)/, (m) => link(m[2], ...inline(m[1]))],
  [/^<(https?:\/\/[^>]+)>/, (m) => link(m[1])],
  [/^\*\*(.+?)\*\*/, (m) => h("strong", {}, inline(m[1]))],
  [/^__(.+?)__/, (m) => h("strong", {}, inline(m[1]))],
  [/^~~(.+?)~~/, (m) => h("s", {}, inline(m[1]))],
  [/^\*(\S(?:.*?\S)?)\*/, (m) => h("em", {}, inline(m[1]))],
  [/^_(\S(?:.*?\S)?)_(?!\w)/, (m) => h("em", {}, inline(m[1]))],
  [/^\\([\\`*_{}[\]()#+\-.!~>|])/, (m) => m[1]],
];

function inline(text) {
  const nodes = [];
  let words = "";
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at);
    const opens = /[`![<*_~\\]/.test(text[at]);
    const [match, make] = (opens && INLINE.map(([rule, fn]) => [rule.exec(rest), fn]).find(([m]) => m)) || [];
    if (match) {
      nodes.push(...withEmoji(words), make(match));
      words = "";
    } else {
      words += text[at];
    }
    at += match ? match[0].length : 1;
  }
  return [...nodes, ...withEmoji(words)];
}

const ITEM = /^(\s*)([-*+]|\d+[.)])\s+(?:\[([ xX])\]\s+)?(.*)$/;

/** Nodes of a Markdown text. */
export function markdown(text) {
  const lines = text.replaceAll("\r", "").split("\n");
  const nodes = [];
  while (lines.length) {
    const reader = READERS.find(({ starts }) => starts(lines));
    const node = reader.read(lines);
    if (node) nodes.push(node);
  }
  return nodes;
}

function takeWhile(lines, keep) {
  const taken = [];
  while (lines.length && keep(lines[0])) taken.push(lines.shift());
  return taken;
}

function fence(lines) {
  lines.shift();
  const content = takeWhile(lines, (line) => !line.startsWith("```"));
  lines.shift();
  return h("pre", {}, content.join("\n"));
}

function heading(lines) {
  const [, marks, words] = /^(#{1,6})\s+(.*)$/.exec(lines.shift());
  return h("p", { class: "md-heading", role: "heading", "aria-level": marks.length + 2 }, inline(words));
}

function quote(lines) {
  const content = takeWhile(lines, (line) => line.startsWith(">")).map((line) => line.replace(/^> ?/, ""));
  return h("blockquote", {}, markdown(content.join("\n")));
}

function list(lines) {
  const items = takeWhile(lines, (line) => ITEM.test(line)).map((line) => ITEM.exec(line));
  const first = items[0];
  const ordered = /\d/.test(first[2]);
  const box = (mark) =>
    mark === undefined ? null : h("input", { type: "checkbox", disabled: true, checked: mark !== " " });
  const row = ([, indent, , mark, words]) =>
    h("li", { class: `indent-${Math.min(indent.length >> 1, 8)}` }, box(mark), inline(words));
  return h(ordered ? "ol" : "ul", { start: ordered ? Number.parseInt(first[2], 10) : null }, items.map(row));
}

const cells = (line) =>
  line
    .trim()
    .replace(/^\||\|$/g, "")
    .split("|")
    .map((cell) => cell.trim());

function table(lines) {
  const head = cells(lines.shift());
  lines.shift();
  const rows = takeWhile(lines, (line) => line.includes("|")).map(cells);
  const headRow = h(
    "tr",
    {},
    head.map((cell) => h("th", { scope: "col" }, inline(cell))),
  );
  const body = rows.map((row) =>
    h(
      "tr",
      {},
      row.map((cell) => h("td", {}, inline(cell))),
    ),
  );
  return h(
    "div",
    { class: "table-scroll", tabindex: 0 },
    h("table", { class: "table" }, h("thead", {}, headRow), h("tbody", {}, body)),
  );
}

const RULE = /^\s*([-*_])(\s*\1){2,}\s*$/;
const isTable = (lines) => lines[0].includes("|") && /^\s*\|?[\s:|-]+\|[\s:|-]*$/.test(lines[1] ?? "");
const special = (lines) => READERS.slice(0, -1).some(({ starts }) => starts(lines));

function paragraph(lines) {
  const taken = [lines.shift()];
  while (lines.length && !special(lines)) taken.push(lines.shift());
  return h(
    "p",
    {},
    taken.flatMap((line, index) => [index ? h("br") : null, inline(line)]),
  );
}

const READERS = [
  { starts: ([line]) => !line.trim(), read: (lines) => void lines.shift() },
  { starts: ([line]) => line.startsWith("```"), read: fence },
  { starts: ([line]) => /^#{1,6}\s+\S/.test(line), read: heading },
  { starts: ([line]) => RULE.test(line), read: (lines) => lines.shift() && h("hr") },
  { starts: ([line]) => line.startsWith(">"), read: quote },
  { starts: isTable, read: table },
  { starts: ([line]) => ITEM.test(line), read: list },
  { starts: () => true, read: paragraph },
];
