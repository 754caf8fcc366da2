// Faults in plain words: who has trouble, what kind, how often; and what is waiting to happen.

import { faults } from "./api.js";
import { h, replace } from "./dom.js";

const PLACES = [
  ["tiktok", "TikTok, everything"],
  ["tiktok.authorize", "TikTok’s consent page"],
  ["tiktok.oauth", "TikTok’s tokens"],
  ["tiktok.user_info", "TikTok’s profile answer"],
  ["instagram", "Instagram, everything"],
  ["instagram.authorize", "Instagram’s consent page"],
  ["instagram.oauth", "Instagram’s tokens"],
  ["instagram.me", "Instagram’s profile answer"],
  ["slack", "Slack’s Web API, everything"],
];

const KINDS = [
  ["down", "is down (503)", { what: "refuse", code: "http_503" }],
  ["throttle", "says “too many requests”", { what: "throttle" }],
  ["late", "answers five seconds late", { what: "delay", seconds: 5 }],
  ["lost", "does it, but the answer is lost", { what: "drop_after" }],
  ["refuses", "hangs up without doing it", { what: "drop_before" }],
  ["reset", "resets the connection", { what: "reset" }],
  ["slow", "answers in drips for five seconds", { what: "slow", seconds: 5 }],
  ["corrupt", "answers with garbage", { what: "corrupt" }],
];

const TIMES = [
  ["1", "for the next request"],
  ["3", "for the next three requests"],
  ["-1", "until I clear it"],
];

const WORDS = {
  refuse: (fault) => (fault.code === "http_503" ? "is down (503)" : `refuses with ${fault.code}`),
  throttle: () => "says “too many requests”",
  delay: (fault) => `answers ${fault.seconds} s late`,
  drop_after: () => "does it, but the answer is lost",
  drop_before: () => "hangs up without doing it",
  reset: () => "resets the connection",
  slow: (fault) => `answers in drips for ${fault.seconds} s`,
  corrupt: () => "answers with garbage",
};

const often = (times) =>
  times === -1 ? "until you clear it" : times === 1 ? "for the next request" : `for the next ${times} requests`;

/** One fault as a sentence. */
export function sentence(fault) {
  const where = PLACES.find(([name]) => name === fault.where)?.[1] ?? fault.where;
  return `${where}: ${WORDS[fault.what]?.(fault) ?? fault.what} ${often(fault.times)}.`;
}

function choice(label, rows) {
  const node = h(
    "select",
    { class: "input" },
    rows.map(([value, words]) => h("option", { value }, words)),
  );
  return { node, field: h("label", { class: "trouble-field" }, h("span", {}, label), node) };
}

export class Trouble {
  constructor(notices, changed) {
    Object.assign(this, { notices, changed, shown: null });
    this.where = choice("Who", PLACES);
    this.what = choice("What happens", KINDS);
    this.times = choice("How long", TIMES);
    this.times.node.value = "-1";
    this.list = h("ul", { class: "waiting" });
    this.clear = h(
      "button",
      { type: "button", class: "button small", on: { click: () => this.#clear() } },
      "Clear all trouble",
    );
    const make = h("button", { type: "submit", class: "button primary" }, "Make it so");
    const form = h(
      "form",
      { class: "trouble-form", on: { submit: (event) => this.#add(event) } },
      this.where.field,
      this.what.field,
      this.times.field,
      make,
    );
    this.node = h(
      "div",
      { class: "trouble" },
      h("h3", {}, "Now"),
      this.list,
      this.clear,
      h("h3", {}, "Make trouble"),
      form,
    );
  }

  async refresh() {
    try {
      this.#draw(await faults.list());
    } catch (failure) {
      this.shown = null;
      replace(this.list, h("li", { class: "failure" }, failure.message));
    }
  }

  #draw(waiting) {
    const shown = JSON.stringify(waiting);
    if (shown === this.shown) return;
    this.shown = shown;
    replace(
      this.list,
      waiting.length
        ? waiting.map((one) => h("li", {}, sentence(one)))
        : h("li", { class: "calm" }, "Fair weather: everything answers as it should."),
    );
    this.clear.hidden = !waiting.length;
  }

  async #add(event) {
    event.preventDefault();
    const [, , kind] = KINDS.find(([name]) => name === this.what.node.value);
    const fault = { where: this.where.node.value, times: Number(this.times.node.value), ...kind };
    const waiting = await this.notices.report(
      () => faults.add(fault),
      () => sentence(fault),
    );
    if (waiting) this.#draw(waiting);
    this.changed();
  }

  async #clear() {
    await this.notices.report(
      () => faults.clear(),
      () => "Fair weather again: all trouble is cleared.",
    );
    this.changed();
  }
}
