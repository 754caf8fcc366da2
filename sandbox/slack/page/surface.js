// Ties drawn blocks to what they act on: a message, a view of a modal, or the Home tab.

import { people } from "./api.js";
import { click, suggest } from "./acts.js";
import { attempt } from "./attempt.js";

/** `target` names where the elements stand for the control calls: {channel, ts} or {view_id}. */
export class Surface {
  constructor({ store, target, key, errors = null, acted = () => {} }) {
    Object.assign(this, { store, target, errors, acted });
    this.user = store.state.user;
    this.channel = target.channel ?? null;
    this.form = store.form(`${this.user} ${key}`);
  }

  /** Who and what can be chosen in selects. */
  people() {
    const { workspace } = this.store.state;
    return { users: workspace.users, channels: workspace.channels.filter((one) => one.kind === "channel") };
  }

  act(element, blockId, state, node) {
    return attempt(node, async () => {
      await click({ user: this.user, ...this.target, action_id: element.action_id, block_id: blockId, ...this.#given(state) });
      this.acted();
      this.store.refreshSoon();
    });
  }

  #given({ type, ...state }) {
    return type === "button" ? {} : { state: { type, ...state } };
  }

  suggest(element, blockId, query) {
    return suggest({ user: this.user, ...this.target, action_id: element.action_id, block_id: blockId, value: query });
  }

  upload(file) {
    return people.upload({ user: this.user, file });
  }
}
