// The side panel from which a person plays the platforms: accounts, trouble, and what was asked.

import { Accounts } from "./accounts.js";
import { h, replace } from "./dom.js";
import { iconButton } from "./icons.js";
import { Requests } from "./requests.js";
import { Trouble } from "./trouble.js";

const EVERY = 2500;

export class Weather {
  /** Draws itself only while it is open, and then keeps looking: platforms change without telling this page. */
  constructor(node, { store, notices, drawers }) {
    Object.assign(this, { node, store });
    const changed = () => this.refresh();
    this.tabs = [
      { id: "accounts", words: "Accounts", part: new Accounts(notices, changed) },
      { id: "trouble", words: "Trouble", part: new Trouble(notices, changed) },
      { id: "requests", words: "Requests", part: new Requests() },
    ];
    this.at = this.tabs[0];
    this.body = h("div", { class: "scroll panel", role: "tabpanel", tabindex: 0 });
    this.list = h("div", { class: "tabs", role: "tablist", "aria-label": "Weather", on: { keydown: (event) => this.#walk(event) } });
    const about = h("p", { class: "panel-about" }, "Be TikTok and Instagram for a moment: change an account, break something, watch what was asked.");
    replace(node, h("header", { class: "side-head" }, h("h2", {}, "Weather"), iconButton("close", "Close the weather panel", () => drawers.close("weather"))), about, this.list, this.body);
    node.addEventListener("opened", () => this.#begin());
    node.addEventListener("closed", () => clearInterval(this.timer));
    this.#show();
  }

  render() {}

  heard() {
    if (!this.node.hidden) this.refresh();
  }

  refresh() {
    return this.at.part.refresh();
  }

  #begin() {
    this.refresh();
    clearInterval(this.timer);
    this.timer = setInterval(() => document.visibilityState === "visible" && this.refresh(), EVERY);
  }

  #show() {
    const tab = (one) => h("button", { type: "button", role: "tab", class: "tab", id: `weather-${one.id}`, "aria-selected": String(one === this.at), tabindex: one === this.at ? 0 : -1, on: { click: () => this.#go(one) } }, one.words);
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
