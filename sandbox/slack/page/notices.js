// What a control did, in a sentence. Good news leaves by itself; a refusal stays until it is read.

import { h } from "./dom.js";
import { iconButton } from "./icons.js";

const STAYS = 6000;

export class Notices {
  constructor(node) {
    this.node = node;
  }

  say(text) {
    const notice = this.#add(text, "notice");
    setTimeout(() => this.#drop(notice), STAYS);
  }

  /** Answers a function that takes the notice away again. */
  refuse(text) {
    const notice = this.#add(text, "notice refused");
    return () => this.#drop(notice);
  }

  /** Runs `work`; says `done(answer)` when it worked, the sandbox's sentence when not. */
  async report(work, done) {
    try {
      const answer = await work();
      this.say(done(answer));
      return answer;
    } catch (failure) {
      this.refuse(failure.message);
      return null;
    }
  }

  #add(text, classes) {
    const notice = h(
      "div",
      { class: classes },
      h("span", {}, text),
      iconButton("close", "Dismiss", () => this.#drop(notice)),
    );
    this.node.append(notice);
    // Shown anew each time, so that it lies above a dialog opened since.
    if (this.node.matches(":popover-open")) this.node.hidePopover();
    this.node.showPopover();
    return notice;
  }

  #drop(notice) {
    notice.remove();
    if (!this.node.childElementCount && this.node.matches(":popover-open")) this.node.hidePopover();
  }
}
