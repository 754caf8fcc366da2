// Whose eyes: the row of people at the top. Choosing one shows the same workspace as that person sees it.

import { h, replace } from "./dom.js";
import { icon } from "./icons.js";

const TONES = 5;

/** A person's colour, the same everywhere. */
export function tone(people, id) {
  return `tone-${
    Math.max(
      0,
      people.findIndex((one) => one.id === id),
    ) % TONES
  }`;
}

export function initials(name) {
  const words = name.split(/[\s._-]+/).filter(Boolean);
  return (words.length > 1 ? words[0][0] + words[1][0] : name.slice(0, 2)).toUpperCase();
}

const title = (user) => user.name.charAt(0).toUpperCase() + user.name.slice(1);

export class People {
  constructor(node, eyes, store) {
    Object.assign(this, { node, eyes, store, shown: "" });
  }

  render({ workspace, user }) {
    if (!workspace) return;
    const shown = JSON.stringify([workspace.people, workspace.me, user]);
    if (shown === this.shown) return;
    this.shown = shown;
    const focused = this.node.contains(document.activeElement);
    const options = workspace.people.map((one) => this.#option(one, workspace, user));
    replace(
      this.node,
      h(
        "div",
        {
          class: "people",
          role: "radiogroup",
          "aria-label": "Look through the eyes of",
          on: { keydown: (event) => this.#walk(event, workspace.people) },
        },
        options,
      ),
    );
    if (focused) this.node.querySelector("[aria-checked=true]").focus();
    this.#say(workspace);
  }

  #option(one, workspace, user) {
    const own = one.id === user;
    const guest = one.team_id !== workspace.home_team.id;
    const detail = guest ? `, from ${one.team_name}` : "";
    return h(
      "button",
      {
        type: "button",
        class: ["person", tone(workspace.people, one.id)],
        role: "radio",
        "aria-checked": String(own),
        tabindex: own ? 0 : -1,
        title: `Be the ${one.name}${detail}`,
        "aria-label": `${title(one)}${detail}`,
        on: { click: () => this.store.become(one.id) },
      },
      h("span", { class: "avatar small", "aria-hidden": "true" }, initials(one.name)),
      h("span", { class: "person-name" }, title(one), guest ? h("small", {}, one.team_name) : null),
    );
  }

  #walk(event, people) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = people.findIndex((one) => one.id === this.store.state.user);
    this.store.become(people.at((at + step) % people.length).id);
  }

  #say(workspace) {
    const { me } = workspace;
    const guest = me.team_id !== workspace.home_team.id;
    const rights = me.is_admin ? ", workspace admin" : "";
    const where = guest ? `${me.team_name}, another workspace that shares a channel by Slack Connect` : me.team_name;
    this.eyes.className = `eyes ${tone(workspace.people, me.id)}${guest ? " guest" : ""}`;
    replace(
      this.eyes,
      icon("eye"),
      h("span", {}, "You see what the ", h("strong", {}, me.name), ` sees${rights} · ${where}`),
    );
  }
}
