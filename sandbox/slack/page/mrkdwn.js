// Slack's mrkdwn, as nodes: `*bold* _italic_ ~strike~ `code``, quotes, fences, <links|words>, mentions, dates, emoji.

import { h, link } from "./dom.js";
import { slackDate, fullTime } from "./dates.js";
import { EMOJI, emoji, withEmoji } from "./emoji.js";
import { channelName, userName, groupName } from "./names.js";

const STYLES = { "*": "strong", _: "em", "~": "s" };
const BARE_URL = /^https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)'"\]]/;

const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** Text that is shown as it is, but for emoji codes. */
export function plain(text, { emojiCodes = true } = {}) {
  return breakLines(emojiCodes ? withEmoji(text) : [text]);
}

/** A text object of either kind, as nodes. */
export function textObject(object) {
  if (!object) return [];
  if (typeof object === "string") return plain(object);
  return object.type === "mrkdwn" ? mrkdwn(object.text) : plain(object.text, { emojiCodes: object.emoji !== false });
}

export function mrkdwn(text) {
  return (text ?? "").split("```").flatMap((part, index, parts) => {
    const fenced = index % 2 === 1 && index < parts.length - 1;
    if (fenced) return [h("pre", {}, unescape(part.replace(/^\n|\n$/g, "")))];
    return quotes(index % 2 === 1 ? `\`\`\`${part}` : part);
  });
}

function quotes(text) {
  const nodes = [];
  let lines = [];
  let quoting = false;
  const flush = () => {
    if (!lines.length) return;
    const content = inline(lines.join("\n"));
    nodes.push(...(quoting ? [h("blockquote", {}, content)] : content));
    lines = [];
  };
  for (const line of text.split("\n")) {
    const quoted = /^(&gt;|>) ?/.exec(line);
    if (Boolean(quoted) !== quoting) {
      flush();
      quoting = Boolean(quoted);
    }
    lines.push(quoted ? line.slice(quoted[0].length) : line);
  }
  flush();
  return nodes;
}

function breakLines(nodes) {
  return nodes.flatMap((node) => {
    if (typeof node !== "string") return [node];
    return node.split("\n").flatMap((line, index) => (index ? [h("br"), line] : [line]));
  });
}

function inline(text) {
  const nodes = [];
  let plainText = "";
  let at = 0;
  const flush = () => {
    if (plainText) nodes.push(...breakLines(withEmoji(unescape(plainText))));
    plainText = "";
  };
  while (at < text.length) {
    const found = special(text, at);
    if (found) {
      flush();
      nodes.push(found.node);
      at = found.end;
    } else {
      plainText += text[at];
      at += 1;
    }
  }
  flush();
  return nodes;
}

function special(text, at) {
  const character = text[at];
  if (character === "<") return angled(text, at);
  if (character === "`") return code(text, at);
  if (character === ":") return sign(text, at);
  if (character === "h" && !/\w/.test(text[at - 1] ?? "")) return bareUrl(text, at);
  if (STYLES[character]) return styled(text, at);
  return null;
}

function angled(text, at) {
  const end = text.indexOf(">", at);
  if (end < 0) return null;
  const node = entity(text.slice(at + 1, end));
  return node ? { node, end: end + 1 } : null;
}

function code(text, at) {
  const end = text.indexOf("`", at + 1);
  const content = text.slice(at + 1, end);
  if (end < 0 || !content || content.includes("\n")) return null;
  return { node: h("code", {}, unescape(content)), end: end + 1 };
}

function sign(text, at) {
  const match = EMOJI.exec(text.slice(at, at + 60));
  if (!match || match.index > 0) return null;
  const node = emoji(match[1]);
  return node ? { node, end: at + match[0].length } : null;
}

function bareUrl(text, at) {
  const match = BARE_URL.exec(text.slice(at));
  return match ? { node: link(unescape(match[0])), end: at + match[0].length } : null;
}

function styled(text, at) {
  const mark = text[at];
  if (/[\p{L}\p{N}]/u.test(text[at - 1] ?? "") || /\s/.test(text[at + 1] ?? " ")) return null;
  for (let end = text.indexOf(mark, at + 2); end > 0; end = text.indexOf(mark, end + 1)) {
    const content = text.slice(at + 1, end);
    if (content.includes("\n")) return null;
    const closes = !/\s/.test(text[end - 1]) && !/[\p{L}\p{N}]/u.test(text[end + 1] ?? "");
    if (closes && !openAngle(content)) return { node: h(STYLES[mark], {}, inline(content)), end: end + 1 };
  }
  return null;
}

const openAngle = (text) => text.lastIndexOf("<") > text.lastIndexOf(">");

/** What stands between < and >: a mention, a date, a special, a link. */
function entity(content) {
  const [target, label] = split(content, "|");
  const words = label === undefined ? undefined : unescape(label);
  if (target.startsWith("@")) return mention(`@${userName(target.slice(1)) ?? words ?? target.slice(1)}`);
  if (target.startsWith("#")) return mention(`#${channelName(target.slice(1)) ?? words ?? target.slice(1)}`);
  if (target.startsWith("!")) return bang(target.slice(1), words);
  if (!/^[a-z][a-z0-9+.-]*:/i.test(target)) return null;
  return link(
    unescape(target),
    ...(label === undefined ? [unescape(target).replace(/^mailto:/, "")] : withEmoji(words)),
  );
}

function bang(target, words) {
  const [name, ...details] = target.split("^");
  if (name === "date") return dateNode(details, words);
  if (name === "subteam") return mention(words ?? `@${groupName(details[0]) ?? details[0]}`);
  return mention(words ?? `@${name}`);
}

function dateNode([seconds, format, url], fallback) {
  const words = slackDate(seconds, format ?? "") ?? fallback ?? "";
  const when = new Date(Number(seconds) * 1000);
  if (Number.isNaN(when.getTime())) return h("span", {}, words);
  const node = h("time", { datetime: when.toISOString(), title: fullTime(when) }, words);
  return url ? link(url, node) : node;
}

export function mention(words) {
  return h("span", { class: "mention" }, words);
}

function split(text, separator) {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
