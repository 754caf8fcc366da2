// What went over the wires: what the bot asked of the platforms and of Slack, and what the platforms told the bot.

import { deliveries, journal } from "./api.js";
import { clockSeconds, fullTime } from "./dates.js";
import { h, replace } from "./dom.js";

const LAST = 60;
const LAST_TOLD = 20;

const time = (at) => {
  const when = new Date(at);
  return h("time", { datetime: at, title: fullTime(when) }, clockSeconds(when));
};

const milliseconds = (ms) => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;

function asked(one) {
  const bad = one.status === 0 || one.status >= 400 || one.outcome !== "ok";
  const fault = one.fault ? h("span", { class: "pill bad" }, `scripted: ${one.fault}`) : null;
  return h(
    "li",
    { class: "request" },
    h("p", {}, time(one.at), h("strong", {}, one.operation), fault),
    h("p", { class: "muted" }, `${one.method} ${one.path}`),
    h(
      "p",
      { class: bad ? "failure" : "muted" },
      `${one.status || "no answer"} · ${one.outcome} · ${milliseconds(one.took_ms)}`,
    ),
  );
}

const STATES = { waiting: "on its way", delivered: "delivered", given_up: "given up", lost: "lost on purpose" };

function toldBot(one) {
  const bad = one.state === "given_up" || one.state === "lost";
  const tries = one.attempts.length > 1 ? ` · ${one.attempts.length} attempts` : "";
  return h(
    "li",
    { class: "request" },
    h("p", {}, h("strong", {}, `${one.platform}: ${one.event}`), ` @${one.handle}`),
    h("p", { class: bad ? "failure" : "muted" }, `${STATES[one.state] ?? one.state}${tries}`),
  );
}

export class Requests {
  constructor() {
    this.asked = h("div");
    this.told = h("div");
    this.node = h(
      "div",
      { class: "requests" },
      h("h3", {}, "Told the bot"),
      this.told,
      h("h3", {}, "Asked by the bot"),
      this.asked,
    );
    this.shown = "";
  }

  async refresh() {
    try {
      const [entries, sent] = await Promise.all([journal(LAST), deliveries()]);
      const shown = JSON.stringify([entries, sent]);
      if (shown === this.shown) return;
      this.shown = shown;
      this.#list(
        this.asked,
        "Last requests",
        entries.toReversed().map(asked),
        "Nothing was asked yet. Link an account and look again.",
      );
      this.#list(
        this.told,
        "Last callbacks",
        sent.slice(-LAST_TOLD).toReversed().map(toldBot),
        "No callback was sent yet. Remove the app from an account and look again.",
      );
    } catch (failure) {
      this.shown = "";
      replace(this.asked, h("p", { class: "panel-note failure" }, failure.message));
    }
  }

  #list(node, label, rows, nothing) {
    replace(node, rows.length ? h("ul", { "aria-label": label }, rows) : h("p", { class: "panel-note" }, nothing));
  }
}
