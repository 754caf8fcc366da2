// One control for every kind of select: a button that opens a searchable list; several choices become chips.

import { h, replace, uid } from "./dom.js";
import { icon } from "./icons.js";
import { openPopup } from "./popup.js";

/**
 * `search(query)` answers groups `[{label?, options: [{key, label, detail?, option}]}]`; `change(chosen)` gets the list of chosen
 * options. With `many`, choices toggle and the list stays open, up to `most`.
 */
export class Picker {
  constructor({ search, chosen = [], many = false, most = Infinity, placeholder, label, change }) {
    Object.assign(this, { search, chosen, many, most, change, label, placeholder: placeholder || "Choose an option" });
    this.button = h("button", {
      type: "button",
      class: "select",
      "aria-haspopup": "listbox",
      "aria-expanded": "false",
      on: { click: () => this.open(), keydown: (event) => this.#key(event) },
    });
    this.chips = h("ul", { class: "chips" });
    this.node = h("div", { class: ["picker", many && "picker-many"] }, many ? this.chips : null, this.button);
    this.#show();
  }

  #key(event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    this.open();
  }

  #show() {
    const single = !this.many && this.chosen[0];
    const words = single ? single.label : this.placeholder;
    replace(this.button, h("span", { class: single ? "select-value" : "select-empty" }, words), icon("down"));
    const names = this.chosen.map((one) => one.label).join(", ");
    const more = this.many && names ? `, chosen: ${names}` : "";
    this.button.setAttribute("aria-label", `${this.label ? `${this.label}: ` : ""}${words}${more}`);
    replace(
      this.chips,
      this.chosen.map((one) => this.#chip(one)),
    );
    this.chips.hidden = !this.chosen.length;
  }

  #chip(one) {
    const remove = () => this.#toggle(one);
    return h(
      "li",
      { class: "chip" },
      one.label,
      h("button", { type: "button", "aria-label": `Remove ${one.label}`, on: { click: remove } }, icon("close")),
    );
  }

  #toggle(option) {
    const had = this.chosen.some((one) => one.key === option.key);
    if (!this.many) this.chosen = [option];
    else if (had) this.chosen = this.chosen.filter((one) => one.key !== option.key);
    else if (this.chosen.length < this.most) this.chosen = [...this.chosen, option];
    this.#show();
    this.change(this.chosen.map((one) => one.option ?? one.key));
  }

  open() {
    if (this.list) return;
    const id = uid("options");
    this.list = h("ul", {
      class: "options",
      role: "listbox",
      id,
      "aria-label": this.label ?? this.placeholder,
      "aria-multiselectable": this.many || null,
    });
    this.input = h("input", {
      type: "text",
      class: "input",
      role: "combobox",
      "aria-controls": id,
      "aria-expanded": "true",
      "aria-autocomplete": "list",
      "aria-label": "Search",
      placeholder: "Search",
      autocomplete: "off",
      on: { input: () => this.#fill(), keydown: (event) => this.#walk(event) },
    });
    const content = h("div", { class: "options-panel" }, this.input, this.list);
    this.popup = openPopup(this.button, content, {
      label: this.label ?? this.placeholder,
      wide: true,
      onClose: () => (this.list = null),
    });
    this.input.focus();
    this.#fill();
  }

  async #fill() {
    const query = this.input.value.trim();
    this.asked = query;
    replace(this.list, h("li", { class: "options-note" }, "Loading…"));
    const groups = await this.search(query).catch((failure) => [{ label: failure.message, options: [] }]);
    if (!this.list || this.asked !== query) return;
    this.rows = [];
    const items = groups.flatMap((group) => [
      group.label ? h("li", { class: "options-group", role: "presentation" }, group.label) : null,
      ...group.options.map((one) => this.#row(one)),
    ]);
    replace(
      this.list,
      this.rows.length || items.some(Boolean) ? items : h("li", { class: "options-note" }, "Nothing fits."),
    );
    const chosen = query || this.many ? 0 : this.rows.findIndex(({ one }) => one.key === this.chosen[0]?.key);
    this.#point(Math.max(chosen, 0));
    this.popup.moved();
  }

  #row(one) {
    const chosen = this.chosen.some((other) => other.key === one.key);
    const detail = one.detail ? h("small", {}, one.detail) : null;
    const node = h(
      "li",
      {
        role: "option",
        id: uid("option"),
        class: "option",
        "aria-selected": String(chosen),
        on: { click: () => this.#choose(one) },
      },
      h("span", {}, one.label, detail),
      chosen ? icon("check") : null,
    );
    this.rows.push({ node, one });
    return node;
  }

  #choose(one) {
    this.#toggle(one);
    if (this.many) this.#fill();
    else this.popup.close();
  }

  #point(index) {
    if (!this.rows?.length) return;
    this.at = (index + this.rows.length) % this.rows.length;
    this.rows.forEach(({ node }, place) => node.classList.toggle("pointed", place === this.at));
    this.input.setAttribute("aria-activedescendant", this.rows[this.at].node.id);
    this.rows[this.at].node.scrollIntoView({ block: "nearest" });
  }

  #walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.#point(this.at + step);
    else if (event.key === "Enter" && this.rows?.length) this.#choose(this.rows[this.at].one);
    else return;
    event.preventDefault();
  }
}
