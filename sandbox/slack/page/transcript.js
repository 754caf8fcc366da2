// A list of messages that changes in place: only what differs is redrawn, so that focus and open menus survive.

import { h } from "./dom.js";
import { dayTitle, fromTs, now, sameDay } from "./dates.js";
import { message } from "./message.js";
import { Surface } from "./surface.js";

const TOGETHER_SECONDS = 300;

function together(one, before) {
  if (!before || before.is_ephemeral !== one.is_ephemeral || one.is_ephemeral) return false;
  const near = Number(one.ts) - Number(before.ts) < TOGETHER_SECONDS;
  return near && one.user === before.user && one.bot_id === before.bot_id && sameDay(fromTs(one.ts), fromTs(before.ts));
}

export class Transcript {
  #drawn = new Map();

  constructor(store, can) {
    Object.assign(this, { store, can });
    this.node = h("div", { class: "transcript", role: "list", on: { keydown: (event) => this.#walk(event) } });
  }

  /** Shows `messages` (oldest first) of `channel`; answers those that weren't there before. */
  show(channel, messages, { days = true } = {}) {
    const { workspace } = this.store.state;
    const today = now().toDateString();
    const items = [];
    const fresh = [];
    messages.forEach((one, index) => {
      const before = messages[index - 1];
      if (days && (!before || !sameDay(fromTs(before.ts), fromTs(one.ts)))) items.push(this.#day(one, today));
      const grouped = together(one, before);
      const key = `${channel} ${one.ts} ${one.is_ephemeral ? "private" : ""}`;
      if (!this.#drawn.has(key)) fresh.push(one);
      items.push(
        this.#once(key, JSON.stringify([one, grouped, workspace.me.id, today]), () =>
          this.#draw(channel, one, grouped),
        ),
      );
    });
    this.#settle(items);
    return fresh;
  }

  #day(one, today) {
    const date = fromTs(one.ts);
    return this.#once(`day ${date.toDateString()}`, today, () =>
      h("div", { class: "day", role: "listitem" }, h("span", {}, dayTitle(date))),
    );
  }

  #draw(channel, one, grouped) {
    const surface = new Surface({ store: this.store, target: { channel, ts: one.ts }, key: `message ${one.ts}` });
    surface.form.redraw();
    const node = message(one, { workspace: this.store.state.workspace, surface, grouped, can: this.can });
    return h("div", { role: "listitem" }, node);
  }

  #once(key, content, draw) {
    const drawn = this.#drawn.get(key);
    if (drawn?.content === content) return { key, content, node: drawn.node };
    return { key, content, node: draw() };
  }

  #settle(items) {
    const focus = document.activeElement;
    const lost = items.find(
      ({ key }) =>
        this.#drawn.get(key)?.node.contains(focus) &&
        this.#drawn.get(key).node !== items.find((one) => one.key === key).node,
    );
    const wanted = new Set(items.map(({ node }) => node));
    for (const child of [...this.node.children]) if (!wanted.has(child)) child.remove();
    items.forEach(({ node }, index) => {
      if (this.node.children[index] !== node) this.node.insertBefore(node, this.node.children[index] ?? null);
    });
    this.#drawn = new Map(items.map(({ key, ...rest }) => [key, rest]));
    lost?.node.querySelector("article")?.focus();
    const articles = [...this.node.querySelectorAll("article")];
    if (!articles.some((one) => one.tabIndex === 0) && articles.length) articles.at(-1).tabIndex = 0;
  }

  #walk(event) {
    const articles = [...this.node.querySelectorAll("article")];
    const at = articles.indexOf(event.target);
    const next = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: articles.length - 1 }[event.key];
    if (at < 0 || next === undefined || !articles[next]) return;
    event.preventDefault();
    articles[at].tabIndex = -1;
    articles[next].tabIndex = 0;
    articles[next].focus();
  }
}
