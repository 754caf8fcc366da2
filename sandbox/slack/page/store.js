// What the page knows: whose eyes, which place, the workspace as that person sees it, and the messages there.

import * as api from "./api.js";
import { Form } from "./form.js";
import { learnNames } from "./names.js";

const FIRST = { user: null, place: null, thread: null, workspace: null, messages: [], messagesOf: null, connected: true, problem: null };

export class Store {
  state = { ...FIRST };
  #listeners = new Set();
  #forms = new Map();
  #local = new Map();
  #round = 0;
  #timer = null;

  subscribe(listener) {
    this.#listeners.add(listener);
  }

  #set(change) {
    this.state = { ...this.state, ...change };
    for (const listener of this.#listeners) listener(this.state);
  }

  setConnected(connected) {
    if (connected !== this.state.connected) this.#set({ connected });
  }

  /** Looks through somebody's eyes; the place stays when that person can see it. */
  async become(user) {
    this.#set({ user, thread: null });
    await this.refresh();
  }

  /** Goes to a channel id, or to "home" (the app's Home tab). */
  async go(place) {
    this.#set({ place, thread: null });
    if (place === "home") await api.people.home({ user: this.state.user }).catch((failure) => this.#set({ problem: failure.message }));
    await this.refresh();
  }

  openThread(ts) {
    this.#set({ thread: ts });
  }

  /** Reads everything again soon; several changes at once become one reading. */
  refreshSoon() {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.refresh();
    }, 40);
  }

  async refresh() {
    this.#round += 1;
    const round = this.#round;
    try {
      const workspace = await api.workspace(this.state.user);
      const place = this.#placeIn(workspace);
      const channel = this.channelOf(place, workspace);
      const messages = channel ? await api.messages(channel, workspace.me.id) : [];
      if (round !== this.#round) return;
      learnNames(workspace);
      this.#set({ workspace, user: workspace.me.id, place, messages, messagesOf: channel, problem: null });
    } catch (failure) {
      if (round === this.#round) this.#set({ problem: failure.message });
    }
  }

  #placeIn(workspace) {
    const { place } = this.state;
    const known = place === "home" ? Boolean(workspace.app) : workspace.channels.some((one) => one.id === place);
    return known ? place : (workspace.channels.find((one) => one.kind === "channel")?.id ?? null);
  }

  channelOf(place = this.state.place, workspace = this.state.workspace) {
    return place === "home" ? (workspace.app?.dm ?? null) : place;
  }

  /** The inputs of one surface (a message, a view, the Home tab), kept while it is redrawn. */
  form(key) {
    if (!this.#forms.has(key)) this.#forms.set(key, new Form());
    return this.#forms.get(key);
  }

  /** What Slack itself tells this person in a channel (a command that failed); gone with the next reload, as in Slack. */
  tell(channel, text) {
    const key = `${this.state.user} ${channel}`;
    const ts = (Date.now() / 1000).toFixed(6);
    this.#local.set(key, [...(this.#local.get(key) ?? []), { ts, after: this.state.messages.at(-1)?.ts, text }]);
    this.#set({});
  }

  told(channel) {
    return this.#local.get(`${this.state.user} ${channel}`) ?? [];
  }
}
