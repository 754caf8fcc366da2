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

const answer = (attempt) =>
  attempt?.status ? `answered ${attempt.status}` : (attempt?.failed ?? attempt?.error ?? "on its way");

/** Slack's requests and the platforms' callbacks differ in what they tell; a row says who, what and how it went. */
function toldBot(one) {
  const last = one.attempts.at(-1);
  const state = one.state ? (STATES[one.state] ?? one.state) : answer(last);
  const took = last?.took_ms ? ` · ${milliseconds(last.took_ms)}` : "";
  const tries = one.attempts.length > 1 ? ` · ${one.attempts.length} attempts` : "";
  const bad = ["given_up", "lost"].includes(one.state) || last?.failed;
  return h(
    "li",
    { class: "request" },
    h(
      "p",
      {},
      one.at ? time(one.at) : null,
      h("strong", {}, one.platform ?? one.emulator),
      one.event ?? one.what,
      one.handle ? ` @${one.handle}` : null,
    ),
    h("p", { class: bad ? "failure" : "muted" }, `${state}${took}${tries}`),
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
        "Nothing was sent yet. Type a command, or remove the app from an account.",
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
