// Points on which nobody could say for sure how a platform behaves: each is a switch with its meaning and source.

import { platforms } from "./api.js";
import { attempt } from "./attempt.js";
import { h, replace } from "./dom.js";

const TITLES = { tiktok: "TikTok", instagram: "Instagram" };

const words = (name) => name.replaceAll("_", " ");

function control(rule, changed) {
  if (typeof rule.value === "boolean") {
    const node = h("input", { type: "checkbox", checked: rule.value, on: { change: () => changed(node.checked) } });
    return node;
  }
  if (rule.options.length) {
    const options = rule.options.map((one) => h("option", { value: one }, one));
    const node = h("select", { class: "input", on: { change: () => changed(node.value) } }, options);
    node.value = rule.value;
    return node;
  }
  const node = h("input", {
    type: "number",
    class: "input",
    min: 0,
    value: rule.value,
    on: { change: () => changed(Number(node.value)) },
  });
  return node;
}

export class Rules {
  constructor(notices) {
    Object.assign(this, { notices, node: h("div", { class: "rules" }), shown: "" });
  }

  async refresh() {
    try {
      const names = Object.keys(TITLES);
      const all = await Promise.all(names.map((name) => platforms.switches(name)));
      const shown = JSON.stringify(all);
      if (shown === this.shown || this.node.querySelector("[aria-busy=true]")) return;
      this.shown = shown;
      const about = h(
        "p",
        { class: "panel-about" },
        "Where the platforms' own pages disagree or are silent, choose what is true here.",
      );
      replace(
        this.node,
        about,
        names.map((name, index) => this.#platform(name, all[index])),
      );
    } catch (failure) {
      this.shown = "";
      replace(this.node, h("p", { class: "panel-note failure" }, failure.message));
    }
  }

  #platform(name, rules) {
    const rows = Object.entries(rules).map(([rule, described]) => this.#rule(name, rule, described));
    return h("section", { "aria-label": TITLES[name] }, h("h3", {}, TITLES[name]), h("ul", {}, rows));
  }

  #rule(platform, name, rule) {
    const changed = async (value) => {
      const worked = await attempt(label, () => platforms.turn(platform, { [name]: value }));
      if (worked) this.notices.say(`${TITLES[platform]}: ${words(name)} is now ${value}.`);
      this.shown = "";
      this.refresh();
    };
    const label = h("label", {}, h("strong", {}, words(name)), control(rule, changed));
    const source = rule.source ? h("small", { class: "muted" }, `Source: ${rule.source}`) : null;
    return h("li", { class: "rule" }, label, h("p", {}, rule.meaning), source);
  }
}
