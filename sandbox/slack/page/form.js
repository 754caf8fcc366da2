// What a person has entered on one surface, in the shape of Slack's `state.values`: block id → action id → state.

/** Values outlive re-rendering: a view updated in place keeps what was typed under the same block and action ids. */
export class Form {
  #values = new Map();
  #touched = new Set();
  #drawn = new Set();

  static #key = (blockId, actionId) => JSON.stringify([blockId, actionId]);

  /** The surface is about to be drawn anew; only the fields drawn from now on count. */
  redraw() {
    this.#drawn.clear();
  }

  /** The state to start from: what the person entered before, else what the app proposes. */
  begin(blockId, actionId, initial) {
    const key = Form.#key(blockId, actionId);
    this.#drawn.add(key);
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

  /** The state of every field on the surface. */
  values() {
    const all = {};
    for (const key of this.#drawn) {
      const [blockId, actionId] = JSON.parse(key);
      (all[blockId] ??= {})[actionId] = this.#values.get(key);
    }
    return all;
  }
}
