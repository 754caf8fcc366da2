// What can be typed after a slash: commands, and the words of their usage hints.

import { h, replace, uid } from "./dom.js";
import { DETAILS } from "./subcommands.js";

const WORD = /^[a-z][\w-]*$/;

/** "help | link [tiktok|instagram] | status [client]" → [{word: "link", rest: "[tiktok|instagram]"}, …] */
export function subcommands(hint) {
  let depth = 0;
  const parts = [""];
  for (const character of hint ?? "") {
    if (character === "[" || character === "<" || character === "(") depth += 1;
    if (character === "]" || character === ">" || character === ")") depth -= 1;
    if (character === "|" && depth <= 0) parts.push("");
    else parts[parts.length - 1] += character;
  }
  const unwrapped =
    parts.length === 1 && /^\s*\[.*\]\s*$/.test(parts[0]) ? parts[0].trim().slice(1, -1).split("|") : parts;
  const named = unwrapped.map((part) => part.trim().split(/\s+/)).filter(([word]) => WORD.test(word));
  return named.map(([word, ...rest]) => ({ word, rest: rest.join(" ") }));
}

/** What fits the text typed so far: [{text, title, detail}]. */
export function completions(text, commands) {
  if (!text.startsWith("/") || text.includes("\n")) return [];
  const [name, ...words] = text.split(" ");
  if (!words.length) {
    return commands
      .filter((one) => one.command.startsWith(name))
      .map((one) => ({ text: `${one.command} `, title: one.command, detail: one.description, hint: one.usage_hint }));
  }
  const command = commands.find((one) => one.command === name);
  if (!command || words.length > 1) return [];
  const fitting = subcommands(command.usage_hint).filter((one) => one.word.startsWith(words[0]));
  return fitting.map((one) => ({
    text: `${name} ${one.word}${one.rest ? " " : ""}`,
    title: `${name} ${one.word}`,
    detail: DETAILS[one.word] ?? "",
    hint: one.rest,
  }));
}

/** The list above the message box; the text box keeps the focus and points into it. */
export class Completion {
  constructor(input, commands, accepted) {
    Object.assign(this, { input, commands, accepted, items: [], at: 0 });
    this.node = h("ul", {
      class: "completion",
      role: "listbox",
      id: uid("completion"),
      "aria-label": "Commands",
      hidden: true,
    });
    input.setAttribute("aria-controls", this.node.id);
  }

  get open() {
    return !this.node.hidden;
  }

  update() {
    this.items = completions(this.input.value, this.commands());
    const done =
      this.items.length === 1 &&
      this.items[0].text.trim() === this.input.value.trim() &&
      this.input.value.includes(" ");
    if (done) this.items = [];
    this.at = 0;
    this.node.hidden = !this.items.length;
    replace(
      this.node,
      this.items.map((item, index) => this.#row(item, index)),
    );
    this.#point(0);
  }

  #row(item, index) {
    const hint = item.hint ? h("span", { class: "completion-hint" }, item.hint) : null;
    const down = (event) => event.preventDefault();
    return h(
      "li",
      { role: "option", id: `${this.node.id}-${index}`, on: { mousedown: down, click: () => this.accept(index) } },
      h("strong", {}, item.title),
      hint,
      item.detail ? h("small", {}, item.detail) : null,
    );
  }

  #point(index) {
    if (!this.items.length) return this.input.removeAttribute("aria-activedescendant");
    this.at = (index + this.items.length) % this.items.length;
    [...this.node.children].forEach((row, place) => row.setAttribute("aria-selected", String(place === this.at)));
    this.input.setAttribute("aria-activedescendant", `${this.node.id}-${this.at}`);
    this.node.children[this.at].scrollIntoView({ block: "nearest" });
  }

  close() {
    this.node.hidden = true;
    this.input.removeAttribute("aria-activedescendant");
  }

  accept(index = this.at) {
    this.input.value = this.items[index].text;
    this.input.focus();
    this.update();
    this.accepted();
  }

  /** Answers true when the key was for the list. Enter on a whole command sends it instead of completing it. */
  key(event) {
    if (!this.open) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.#point(this.at + step);
    else if (event.key === "Tab" && !event.shiftKey) this.accept();
    else if (event.key === "Enter" && !this.#whole()) this.accept();
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  #whole() {
    return this.items[this.at].text.trim() === this.input.value.trim() && this.input.value.includes(" ");
  }
}
