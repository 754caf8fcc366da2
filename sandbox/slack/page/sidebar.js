// Channels, direct messages and the app, as one person sees them.

import { h, replace } from "./dom.js";
import { appMark, icon } from "./icons.js";
import { initials, tone } from "./people.js";

const GROUPS = [
  ["Channels", (one) => one.kind === "channel"],
  ["Direct messages", (one) => one.kind === "im"],
];

export class Sidebar {
  constructor(node, store, drawers) {
    Object.assign(this, { node, store, drawers, shown: "" });
  }

  render({ workspace, place }) {
    if (!workspace) return;
    const shown = JSON.stringify([workspace.me, workspace.team, workspace.channels, workspace.app, place]);
    if (shown === this.shown) return;
    this.shown = shown;
    const focused = document.activeElement?.closest?.("#sidebar [data-place]")?.dataset.place;
    const head = h(
      "p",
      { class: "workspace-name" },
      h("span", { class: "workspace-mark", "aria-hidden": "true" }, initials(workspace.team.name)),
      workspace.team.name,
    );
    const groups = GROUPS.map(([title, fits]) =>
      this.#group(
        title,
        workspace.channels.filter((one) => fits(one) && !one.is_app),
        workspace,
        place,
      ),
    );
    replace(this.node, head, groups, this.#app(workspace, place));
    this.node.classList.toggle("guest", workspace.team.id !== workspace.home_team.id);
    if (focused) this.node.querySelector(`[data-place="${CSS.escape(focused)}"]`)?.focus();
  }

  #group(title, channels, workspace, place) {
    if (!channels.length) return null;
    return h(
      "section",
      {},
      h("h2", {}, title),
      h(
        "ul",
        {},
        channels.map((one) => this.#channel(one, workspace, place)),
      ),
    );
  }

  #channel(one, workspace, place) {
    const sign =
      one.kind === "im"
        ? h(
            "span",
            { class: ["avatar tiny", tone(workspace.people, one.user)], "aria-hidden": "true" },
            initials(one.name),
          )
        : icon(one.is_shared ? "people" : "hash");
    const shared = one.is_shared ? h("span", { class: "visually-hidden" }, " (shared by Slack Connect)") : null;
    return this.#entry(one.id, place === one.id, one.unread, sign, one.name, shared);
  }

  #app(workspace, place) {
    const { app } = workspace;
    if (!app)
      return h(
        "section",
        {},
        h("h2", {}, "Apps"),
        h("p", { class: "sidebar-note" }, "No app is installed in this workspace."),
      );
    const here = place === "home" || place === app.dm;
    const unread = workspace.channels.find((one) => one.id === app.dm)?.unread ?? 0;
    return h(
      "section",
      {},
      h("h2", {}, "Apps"),
      h("ul", {}, this.#entry("home", here, unread, h("span", { class: "avatar tiny app" }, appMark()), app.name)),
    );
  }

  #entry(place, here, unread, sign, name, extra) {
    const badge = unread
      ? h("span", { class: "unread", "aria-label": `${unread} unread` }, unread > 9 ? "9+" : String(unread))
      : null;
    const click = () => {
      this.store.go(place);
      this.drawers.close("sidebar");
    };
    return h(
      "li",
      {},
      h(
        "button",
        {
          type: "button",
          class: ["channel", unread && "has-unread"],
          data: { place },
          "aria-current": here ? "page" : null,
          on: { click },
        },
        sign,
        h("span", { class: "channel-name" }, name, extra),
        badge,
      ),
    );
  }
}
