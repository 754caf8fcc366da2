// The journal: what the bot asked of the platforms and of Slack, newest first.

import { journal } from "./api.js";
import { clockSeconds, fullTime } from "./dates.js";
import { h, replace } from "./dom.js";

const LAST = 60;

function entry(one) {
  const when = new Date(one.at);
  const bad = one.status === 0 || one.status >= 400 || one.outcome !== "ok";
  const fault = one.fault ? h("span", { class: "pill bad" }, `scripted: ${one.fault}`) : null;
  return h(
    "li",
    { class: ["request", bad && "bad"] },
    h(
      "p",
      {},
      h("time", { datetime: one.at, title: fullTime(when) }, clockSeconds(when)),
      h("strong", {}, one.operation),
      fault,
    ),
    h("p", { class: "muted" }, `${one.method} ${one.path}`),
    h(
      "p",
      { class: bad ? "failure" : "muted" },
      `${one.status || "no answer"} · ${one.outcome} · ${one.took_ms < 10 ? one.took_ms.toFixed(1) : Math.round(one.took_ms)} ms`,
    ),
  );
}

export class Requests {
  constructor() {
    this.node = h("div", { class: "requests" });
    this.shown = "";
  }

  async refresh() {
    try {
      const entries = await journal(LAST);
      const shown = JSON.stringify(entries);
      if (shown === this.shown) return;
      this.shown = shown;
      const rows = entries.toReversed().map(entry);
      replace(
        this.node,
        rows.length
          ? h("ul", { "aria-label": "Last requests" }, rows)
          : h("p", { class: "panel-note" }, "Nothing was asked yet. Link an account and look again."),
      );
    } catch (failure) {
      this.shown = "";
      replace(this.node, h("p", { class: "panel-note failure" }, failure.message));
    }
  }
}
