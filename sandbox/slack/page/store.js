// What the page knows: whose eyes, which place, the workspace as that person sees it, and the messages there.

import * as api from "./api.js";
import { Form } from "./form.js";
import { learnNames } from "./names.js";

const FIRST = {
  user: null,
  place: null,
  thread: null,
  workspace: null,
  messages: [],
  messagesOf: null,
  connected: true,
  problem: null,
};

export class Store {
  state = { ...FIRST };
  #listeners = new Set();
  #forms = new Map();
  #asked = 0;
  #reading = null;
  #timer = null;

  subscribe(listener) {
    this.#listeners.add(listener);
  }

  #set(change) {
    this.state = { ...this.state, ...change };
    for (const listener of this.#listeners) listener(this.state);
  }

  /** Starts from whose eyes and which place an address names. */
  recall({ user, place }) {
    this.#set({ user, place, thread: null });
    return this.#arrive();
  }

  setConnected(connected) {
    if (connected !== this.state.connected) this.#set({ connected });
  }

  /** Looks through somebody's eyes; the place stays when that person can see it. */
  async become(user) {
    this.#set({ user, thread: null });
    await this.#arrive();
  }

  /** Goes to a channel id, or to "home" (the app's Home tab). */
  async go(place) {
    this.#set({ place, thread: null });
    await this.#arrive();
  }

  /** Reads what is to be seen here; the app hears of it when that is its Home. */
  async #arrive() {
    const { user, place } = this.state;
    if (place === "home" && user)
      await api.people.home({ user }).catch((failure) => this.#set({ problem: failure.message }));
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

  /** One reading at a time; what is asked for meanwhile makes one more. */
  refresh() {
    this.#asked += 1;
    this.#reading ??= this.#readAll();
    return this.#reading;
  }

  async #readAll() {
    let answered = -1;
    while (answered !== this.#asked) {
      answered = this.#asked;
      await this.#read();
    }
    this.#reading = null;
  }

  async #read() {
    const { user: asker, place: wanted } = this.state;
    const same = () => this.state.user === asker && this.state.place === wanted;
    try {
      const workspace = await api.workspace(asker);
      const place = this.#placeIn(workspace);
      const channel = place === "home" ? null : place;
      const messages = channel ? await api.messages(channel, workspace.me.id) : [];
      if (!same()) return;
      learnNames(workspace);
      const channels = workspace.channels.map((one) => (one.id === channel ? { ...one, unread: 0 } : one));
      const seen = { ...workspace, channels };
      this.#set({ workspace: seen, user: workspace.me.id, place, messages, messagesOf: channel, problem: null });
    } catch (failure) {
      if (same()) this.#set({ problem: failure.message });
    }
  }

  /** The place that was asked for, by id or name, when this person sees it; else where there is something to read. */
  #placeIn(workspace) {
    const { place } = this.state;
    if (place === "home" && workspace.app) return place;
    const asked = workspace.channels.find((one) => one.id === place || one.name === place);
    if (asked) return asked.id;
    const channels = workspace.channels.filter((one) => one.kind === "channel");
    const telling = channels.findLast((one) => one.unread) ?? channels.find((one) => one.bot_in);
    return (telling ?? channels[0])?.id ?? null;
  }

  /** The inputs of one surface (a message, a view, the Home tab), kept while it is redrawn. */
  form(key) {
    if (!this.#forms.has(key)) this.#forms.set(key, new Form());
    return this.#forms.get(key);
  }
}
