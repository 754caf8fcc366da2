// The message box: words, slash commands, files. Enter sends, Shift+Enter breaks the line.

import { people } from "./api.js";
import { slash } from "./acts.js";
import { Completion } from "./completion.js";
import { h, replace, uid } from "./dom.js";
import { icon, iconButton } from "./icons.js";

export class Composer {
  #files = [];
  #drafts = new Map();

  /** `thread` answers the ts that messages reply to; without it the box is the channel's own. */
  constructor(node, store, { id = uid("composer"), thread = null } = {}) {
    const threaded = thread !== null;
    Object.assign(this, { node, store, thread: thread ?? (() => null), key: null });
    this.input = h("textarea", {
      class: "composer-input",
      id,
      rows: 1,
      "aria-autocomplete": "list",
      "aria-haspopup": "listbox",
      autocomplete: "off",
      on: {
        input: () => this.#typed(),
        keydown: (event) => this.#key(event),
        blur: () => this.completion.close(),
        paste: (event) => this.#paste(event),
      },
    });
    this.completion = new Completion(
      this.input,
      () => (threaded ? [] : (store.state.workspace?.commands ?? [])),
      () => this.#grow(),
    );
    this.picker = h("input", {
      type: "file",
      multiple: true,
      hidden: true,
      "aria-label": "Files",
      on: { change: () => this.#picked() },
    });
    this.chosen = h("ul", { class: "chips", "aria-label": "Files to send" });
    this.status = h("p", { class: "composer-status", role: "status" });
    this.sendButton = iconButton("send", "Send", () => this.send(), { class: "icon-button send" });
    const tools = h(
      "div",
      { class: "composer-tools" },
      threaded ? null : iconButton("clip", "Attach files", () => this.picker.click()),
      h("span", { class: "composer-keys" }, threaded ? "Enter sends" : "Enter sends · / for commands"),
      this.sendButton,
    );
    this.box = h("div", { class: "composer-box" }, this.chosen, this.input, tools);
    replace(node, this.completion.node, this.box, this.picker, this.status);
    this.#showFiles();
  }

  render({ workspace, place, user }) {
    if (!workspace) return;
    const channel = workspace.channels.find((one) => one.id === place);
    this.node.hidden = place === "home" || !channel;
    if (!channel) return;
    const name = channel.kind === "im" ? channel.name : `#${channel.name}`;
    const words = this.thread() ? "Reply…" : `Message ${name}`;
    this.input.placeholder = words;
    this.input.setAttribute("aria-label", words);
    const key = `${user} ${place} ${this.thread() ?? ""}`;
    if (key !== this.key) this.#switch(key);
  }

  #switch(key) {
    if (this.key) this.#drafts.set(this.key, this.input.value);
    this.key = key;
    this.input.value = this.#drafts.get(key) ?? "";
    this.status.textContent = "";
    this.completion.close();
    this.#grow();
  }

  /** Puts words into the box and the cursor behind them. */
  write(text) {
    this.input.value = text;
    this.input.focus();
    this.#typed();
  }

  #typed() {
    this.status.textContent = "";
    this.completion.update();
    this.#grow();
  }

  #grow() {
    this.input.style.setProperty("height", "auto");
    this.input.style.setProperty("height", `${Math.min(this.input.scrollHeight, 200)}px`);
    this.sendButton.disabled = !this.input.value.trim() && !this.#files.length;
  }

  #key(event) {
    if (event.isComposing || this.completion.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    }
  }

  #paste(event) {
    if (event.clipboardData.files.length && !this.thread()) this.addFiles(event.clipboardData.files);
  }

  #picked() {
    this.addFiles(this.picker.files);
    this.picker.value = "";
  }

  addFiles(files) {
    this.#files = [...this.#files, ...files];
    this.#showFiles();
    this.input.focus();
  }

  #showFiles() {
    const drop = (file) => {
      this.#files = this.#files.filter((one) => one !== file);
      this.#showFiles();
    };
    replace(
      this.chosen,
      this.#files.map((file) =>
        h(
          "li",
          { class: "chip" },
          icon("file"),
          file.name,
          h(
            "button",
            { type: "button", "aria-label": `Don't send ${file.name}`, on: { click: () => drop(file) } },
            icon("close"),
          ),
        ),
      ),
    );
    this.chosen.hidden = !this.#files.length;
    this.#grow();
  }

  async send() {
    const text = this.input.value.trim();
    const files = this.#files;
    if ((!text && !files.length) || this.box.getAttribute("aria-busy") === "true") return;
    this.completion.close();
    this.box.setAttribute("aria-busy", "true");
    this.input.value = "";
    this.#files = [];
    this.#showFiles();
    try {
      await this.#deliver(text, files);
    } catch (failure) {
      this.#giveBack(text, files, failure.message);
    } finally {
      this.box.removeAttribute("aria-busy");
      this.#grow();
      this.store.refreshSoon();
    }
  }

  /** What could not be sent is still in the box, with the reason under it. */
  #giveBack(text, files, reason) {
    if (!this.input.value) this.input.value = text;
    this.#files = [...files, ...this.#files];
    this.#showFiles();
    this.status.textContent = reason;
    this.status.classList.add("refused");
  }

  async #deliver(text, files) {
    const { user, place: channel } = this.store.state;
    this.status.classList.remove("refused");
    if (text.startsWith("/") && !this.thread()) {
      this.status.textContent = await command(user, channel, text);
    } else if (text && !files.length) {
      const thread = this.thread();
      await people.message({ user, channel, text, ...(thread ? { thread_ts: thread } : {}) });
    }
    for (const [index, file] of files.entries()) {
      this.status.textContent = `Uploading ${file.name} (${index + 1} of ${files.length})…`;
      await people.upload({ user, channel, file, text: index === 0 && !text.startsWith("/") ? text : "" });
      this.status.textContent = `${file.name} was uploaded.`;
    }
  }
}

function command(user, channel, typed) {
  const [name] = typed.split(/\s/);
  return slash({ user, channel, command: name, text: typed.slice(name.length).trim() });
}

/** Files dropped anywhere on `zone` go to the composer. */
export function acceptDrops(zone, composer) {
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  zone.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    zone.classList.add("dropping");
  });
  zone.addEventListener("dragleave", (event) => {
    if (!zone.contains(event.relatedTarget)) zone.classList.remove("dropping");
  });
  zone.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    zone.classList.remove("dropping");
    composer.addFiles(event.dataTransfer.files);
  });
}
