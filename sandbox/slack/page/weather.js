// The side panel from which a person plays the platforms: accounts, trouble, and what was asked.

import { Accounts } from "./accounts.js";
import { faults } from "./api.js";
import { h, replace } from "./dom.js";
import { icon, iconButton } from "./icons.js";
import { Requests } from "./requests.js";
import { Rules } from "./rules.js";
import { Trouble } from "./trouble.js";

const EVERY = 2500;

export class Weather {
  /** Keeps looking by itself: platforms change without telling this page. */
  constructor(node, { store, notices, drawers }) {
    Object.assign(this, { node, store });
    const changed = () => this.refresh();
    this.words = h("span", { class: "tool-words" }, "Weather");
    this.toggle = h(
      "button",
      {
        type: "button",
        class: "tool",
        "aria-expanded": "false",
        "aria-controls": "weather",
        on: { click: () => drawers.toggle("weather", this.toggle) },
      },
      icon("weather"),
      this.words,
      h("span", { class: "storm", "aria-hidden": "true" }),
    );
    this.tabs = [
      { id: "accounts", words: "Accounts", part: new Accounts(notices, changed) },
      { id: "trouble", words: "Trouble", part: new Trouble(notices, changed) },
      { id: "requests", words: "Requests", part: new Requests() },
      { id: "rules", words: "Rules", part: new Rules(notices) },
    ];
    this.at = this.tabs[0];
    this.body = h("div", { class: "scroll panel", role: "tabpanel", tabindex: 0 });
    this.list = h("div", {
      class: "tabs",
      role: "tablist",
      "aria-label": "Weather",
      on: { keydown: (event) => this.#walk(event) },
    });
    const about = h(
      "p",
      { class: "panel-about" },
      "Be TikTok and Instagram for a moment: change an account, break something, watch what was asked.",
    );
    replace(
      node,
      h(
        "header",
        { class: "side-head" },
        h("h2", {}, "Weather"),
        iconButton("close", "Close the weather panel", () => drawers.close("weather")),
      ),
      about,
      this.list,
      this.body,
    );
    node.addEventListener("opened", () => this.refresh());
    setInterval(() => document.visibilityState === "visible" && this.refresh(), EVERY);
    this.#show();
    this.refresh();
  }

  async refresh() {
    if (!this.node.hidden) await this.at.part.refresh();
    const waiting = await faults.list().catch(() => []);
    this.toggle.classList.toggle("stormy", waiting.length > 0);
    const trouble = waiting.length
      ? `, ${waiting.length === 1 ? "one trouble" : `${waiting.length} troubles`} waiting`
      : "";
    this.toggle.setAttribute("aria-label", `Weather: play the platforms${trouble}`);
    this.toggle.title = trouble ? `Trouble is on${trouble}` : "Play TikTok and Instagram";
  }

  #show() {
    const tab = (one) =>
      h(
        "button",
        {
          type: "button",
          role: "tab",
          class: "tab",
          id: `weather-${one.id}`,
          "aria-selected": String(one === this.at),
          tabindex: one === this.at ? 0 : -1,
          on: { click: () => this.#go(one) },
        },
        one.words,
      );
    replace(this.list, this.tabs.map(tab));
    this.body.setAttribute("aria-labelledby", `weather-${this.at.id}`);
    replace(this.body, this.at.part.node);
  }

  #go(tab) {
    this.at = tab;
    this.#show();
    this.refresh();
  }

  #walk(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    this.#go(this.tabs.at((this.tabs.indexOf(this.at) + step) % this.tabs.length));
    this.list.querySelector("[aria-selected=true]").focus();
  }
}
