// What a person has entered on one surface, in the shape of Slack's `state.values`: block id → action id → state.

/** Values outlive re-rendering: a view updated in place keeps what was typed under the same block and action ids. */
export class Form {
  #values = new Map();
  #touched = new Set();

  static #key = (blockId, actionId) => JSON.stringify([blockId, actionId]);

  /** The state to start from: what the person entered before, else what the app proposes. */
  begin(blockId, actionId, initial) {
    const key = Form.#key(blockId, actionId);
    const kept = this.#values.get(key);
    if (kept && this.#touched.has(key) && kept.type === initial.type) return kept;
    this.#values.set(key, initial);
    return initial;
  }

  set(blockId, actionId, state) {
    const key = Form.#key(blockId, actionId);
    this.#values.set(key, state);
    this.#touched.add(key);
  }

  /** All states of the blocks that the view still has. */
  values(blockIds) {
    const all = {};
    for (const [key, state] of this.#values) {
      const [blockId, actionId] = JSON.parse(key);
      if (blockIds.includes(blockId)) (all[blockId] ??= {})[actionId] = state;
    }
    return all;
  }
}
