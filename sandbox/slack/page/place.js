// The middle of the page: one channel's messages, or the app with its Home and Messages tabs.

import { h, replace } from "./dom.js";
import { shortcut } from "./acts.js";
import { attempt } from "./attempt.js";
import { blocks } from "./blocks.js";
import { focusPath, refocus } from "./focus.js";
import { appMark, icon } from "./icons.js";
import { spoken } from "./message.js";
import { openMenu } from "./popup.js";
import { Surface } from "./surface.js";
import { Transcript } from "./transcript.js";

const NEAR_BOTTOM = 120;

export class Place {
  constructor({ head, body, announcer, store, compose }) {
    Object.assign(this, { head, body, announcer, store, compose, homeShown: "", headShown: "", shownChannel: null });
    const can = { openThread: (ts) => store.openThread(ts), menu: (one, anchor) => this.#menu(one, anchor) };
    this.transcript = new Transcript(store, can);
    this.start = h("div", { class: "start" });
    this.scroll = h(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": "Messages" },
      this.start,
      this.transcript.node,
    );
    const below = () => this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight;
    this.jump = h(
      "button",
      { type: "button", class: "jump", hidden: true, on: { click: () => this.#toEnd() } },
      icon("down"),
      "New messages",
    );
    this.scroll.addEventListener("scroll", () => {
      this.atEnd = below() < NEAR_BOTTOM;
      if (this.atEnd) this.jump.hidden = true;
    });
    const kept = new ResizeObserver(() => this.atEnd && this.#toEnd());
    kept.observe(this.scroll);
    kept.observe(this.transcript.node);
    this.home = h("div", {
      class: "scroll home",
      tabindex: 0,
      role: "tabpanel",
      id: "home-panel",
      "aria-labelledby": "tab-home",
    });
  }

  render(state) {
    const { workspace, place } = state;
    if (!workspace || !place) return;
    this.#head(workspace, place);
    if (place === "home") this.#home(workspace);
    else this.#channel(state);
  }

  #head(workspace, place) {
    const channel = workspace.channels.find((one) => one.id === place);
    const shown = JSON.stringify([channel, place, workspace.app, workspace.me.id]);
    if (shown === this.headShown) return;
    this.headShown = shown;
    const inApp = place === "home" || place === workspace.app?.dm;
    if (inApp)
      replace(
        this.head,
        h(
          "h1",
          {},
          h("span", { class: "avatar small app" }, appMark()),
          workspace.app.name,
          h("span", { class: "badge" }, "App"),
        ),
        this.#tabs(workspace, place),
      );
    else
      replace(
        this.head,
        h("h1", {}, icon(channel.is_shared ? "people" : "hash"), channel.name),
        h("p", { class: "topic" }, channel.is_shared ? "Shared by Slack Connect · " : "", channel.topic ?? ""),
      );
    document.title = `${inApp ? workspace.app.name : `#${channel.name}`} · ${workspace.me.name} · Crosslink sandbox`;
  }

  #tabs(workspace, place) {
    const tab = (id, words, to) =>
      h(
        "button",
        {
          type: "button",
          role: "tab",
          id,
          class: "tab",
          "aria-selected": String(place === to),
          on: { click: () => this.store.go(to) },
        },
        words,
      );
    return h(
      "div",
      { role: "tablist", "aria-label": `${workspace.app.name}'s tabs`, class: "tabs" },
      tab("tab-home", "Home", "home"),
      workspace.app.dm ? tab("tab-messages", "Messages", workspace.app.dm) : null,
    );
  }

  #home(workspace) {
    this.shownChannel = null;
    if (this.body.firstElementChild !== this.home) replace(this.body, this.home);
    const view = workspace.home;
    const shown = JSON.stringify([view?.id, view?.hash, workspace.me.id]);
    if (shown === this.homeShown) return;
    this.homeShown = shown;
    if (!view) return replace(this.home, h("p", { class: "empty" }, "This app hasn't shown anything here yet."));
    const surface = new Surface({ store: this.store, target: { view_id: view.id }, key: `view ${view.id}` });
    surface.form.redraw();
    const focused = focusPath(this.home);
    replace(this.home, h("div", { class: "home-blocks" }, blocks(view.blocks, surface)));
    refocus(this.home, focused);
  }

  #channel(state) {
    const { workspace, place, messages, messagesOf } = state;
    if (this.body.firstElementChild !== this.scroll) replace(this.body, this.scroll, this.jump);
    if (messagesOf !== place) return;
    const entered = this.shownChannel !== `${state.user} ${place}`;
    this.shownChannel = `${state.user} ${place}`;
    this.#start(workspace, place, messages);
    const top = messages.filter(
      (one) => !one.thread_ts || one.thread_ts === one.ts || one.subtype === "thread_broadcast",
    );
    const fresh = this.transcript.show(place, top);
    if (entered || this.atEnd) this.#toEnd();
    else if (fresh.length) this.jump.hidden = false;
    if (!entered && fresh.length) this.announcer.textContent = fresh.map((one) => spoken(one, workspace)).join(". ");
  }

  #start(workspace, place, messages) {
    const channel = workspace.channels.find((one) => one.id === place);
    const name = channel.kind === "im" ? channel.name : `#${channel.name}`;
    const tries = messages.length
      ? []
      : workspace.commands.map((one) =>
          h(
            "button",
            { type: "button", class: "button small", on: { click: () => this.compose(`${one.command} `) } },
            `Try ${one.command}`,
          ),
        );
    replace(
      this.start,
      h("p", {}, h("strong", {}, `This is the beginning of ${name}.`)),
      tries.length ? h("div", { class: "button-row" }, tries) : null,
    );
  }

  #toEnd() {
    this.scroll.scrollTop = this.scroll.scrollHeight;
    this.atEnd = true;
    this.jump.hidden = true;
  }

  #menu(one, anchor) {
    const { workspace, user, messagesOf } = this.store.state;
    const run = (callback) =>
      attempt(anchor, async () => {
        await shortcut({ user, channel: messagesOf, ts: one.ts, callback_id: callback });
        this.store.refreshSoon();
      });
    const items = workspace.shortcuts
      .filter((each) => each.type === "message")
      .map((each) => ({ label: each.name, detail: workspace.app?.name, run: () => run(each.callback_id) }));
    const reply = { label: "Reply in thread", run: () => this.store.openThread(one.thread_ts ?? one.ts) };
    openMenu(anchor, "Message actions", [...items, reply]);
  }
}
