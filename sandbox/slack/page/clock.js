// The sandbox's clock: shows its time, and turns it forward.

import { clock } from "./api.js";
import { clockTime, duration, fullTime, now, setOffset } from "./dates.js";
import { h, replace } from "./dom.js";
import { icon } from "./icons.js";
import { openPopup } from "./popup.js";

const STEPS = [
  ["+10 min", 600],
  ["+1 hour", 3600],
  ["+1 day", 86_400],
  ["+7 days", 604_800],
  ["+30 days", 2_592_000],
];

export class Clock {
  constructor(notices, turned) {
    Object.assign(this, { notices, turned, offset: 0 });
    this.words = h("span", { class: "tool-words" });
    this.node = h(
      "button",
      {
        type: "button",
        class: "tool",
        "aria-haspopup": "dialog",
        "aria-expanded": "false",
        on: { click: () => this.#open() },
      },
      icon("clock"),
      this.words,
    );
    setInterval(() => this.#show(), 1000);
  }

  async read() {
    this.#learn(await clock.read());
  }

  #learn({ offset_seconds: offset }) {
    this.offset = offset;
    setOffset(offset * 1000);
    this.#show();
  }

  #show() {
    const turnedBy = this.offset >= 1 ? ` +${duration(this.offset)}` : "";
    replace(this.words, clockTime(now()), turnedBy ? h("small", {}, turnedBy) : null);
    this.node.setAttribute("aria-label", `Clock: ${fullTime(now())}. Turn it.`);
    this.node.title = fullTime(now());
    if (this.big) this.big.textContent = fullTime(now());
  }

  #open() {
    this.big = h("p", { class: "clock-big" });
    const buttons = STEPS.map(([words, seconds]) =>
      h(
        "button",
        { type: "button", class: "button", on: { click: (event) => this.#turn(event.currentTarget, seconds, words) } },
        words,
      ),
    );
    const note = this.offset >= 1 ? `${duration(this.offset)} ahead of your own clock.` : "The same as your own clock.";
    this.note = h("p", { class: "muted", "aria-live": "polite" }, note);
    const content = h(
      "div",
      { class: "clock-panel" },
      h("h2", {}, "Turn the clock"),
      this.big,
      this.note,
      h("div", { class: "button-row" }, buttons),
      h(
        "p",
        { class: "muted" },
        "The bot and both platforms live by this clock: tokens age, reminders come due. Time only turns forward.",
      ),
    );
    openPopup(this.node, content, { label: "Turn the clock", onClose: () => (this.big = null) });
    this.#show();
    buttons[0].focus();
  }

  async #turn(button, seconds, words) {
    button.setAttribute("aria-busy", "true");
    await this.notices.report(
      async () => this.#learn(await clock.advance(seconds)),
      () => `Clock turned ${words}: it is now ${fullTime(now())}.`,
    );
    button.removeAttribute("aria-busy");
    if (this.note) this.note.textContent = `${duration(this.offset)} ahead of your own clock.`;
    this.turned();
  }
}
