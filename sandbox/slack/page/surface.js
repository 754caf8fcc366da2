// Ties drawn blocks to what they act on: a message, a view of a modal, or the Home tab.

import { people } from "./api.js";
import { click, suggest } from "./acts.js";
import { attempt } from "./attempt.js";

/** `target` names where the elements stand for the control calls: {channel, ts} or {view_id}. */
export class Surface {
  constructor({ store, target, key, errors = null }) {
    Object.assign(this, { store, target, errors });
    this.user = store.state.user;
    this.channel = target.channel ?? null;
    this.form = store.form(`${this.user} ${key}`);
  }

  /** Who and what can be chosen in selects. */
  people() {
    const { workspace } = this.store.state;
    return { users: workspace.users, channels: workspace.channels.filter((one) => one.kind === "channel") };
  }

  /** Presses or chooses; `given` is the state that it leaves, or nothing for a plain button. */
  act(element, blockId, given, node) {
    const where = { user: this.user, ...this.target, action_id: element.action_id, block_id: blockId };
    const entered = this.target.view_id ? { values: this.form.values() } : {};
    return attempt(node, async () => {
      await click({ ...where, ...entered, ...(given ? { state: given } : {}) });
      this.store.refreshSoon();
    });
  }

  suggest(element, blockId, query) {
    return suggest({ user: this.user, ...this.target, action_id: element.action_id, block_id: blockId, value: query });
  }

  async upload(file) {
    const { file: kept } = await people.upload({ user: this.user, file });
    return kept;
  }
}
