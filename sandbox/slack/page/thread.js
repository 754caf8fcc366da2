// The replies to one message, beside the channel.

import { Composer } from "./composer.js";
import { h, replace } from "./dom.js";
import { iconButton } from "./icons.js";
import { Transcript } from "./transcript.js";

export class Thread {
  constructor(node, store, drawers) {
    Object.assign(this, { node, store, drawers, shown: null });
    this.transcript = new Transcript(store, {});
    this.scroll = h(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": "Replies" },
      this.transcript.node,
    );
    const box = h("div", { class: "composer" });
    this.composer = new Composer(box, store, { thread: () => store.state.thread });
    replace(
      node,
      h(
        "header",
        { class: "side-head" },
        h("h2", {}, "Thread"),
        iconButton("close", "Close thread", () => store.openThread(null)),
      ),
      this.scroll,
      box,
    );
    node.addEventListener("closed", () => store.state.thread && store.openThread(null));
  }

  render(state) {
    const { thread, messages, messagesOf } = state;
    if (!thread) {
      this.shown = null;
      return this.drawers.close("thread");
    }
    const replies = messages.filter((one) => one.ts === thread || one.thread_ts === thread);
    this.transcript.show(`${messagesOf} thread`, replies, { days: false });
    this.composer.render(state);
    if (this.shown === thread) return null;
    this.shown = thread;
    this.drawers.open("thread");
    this.composer.input.focus();
    return null;
  }
}
