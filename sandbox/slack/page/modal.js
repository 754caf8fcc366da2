// Modals: the topmost view of the person's stack, in a dialog that holds the focus.

import { people } from "./api.js";
import { submit } from "./acts.js";
import { blocks } from "./blocks.js";
import { h, replace } from "./dom.js";
import { focusPath, refocus } from "./focus.js";
import { icon, iconButton } from "./icons.js";
import { plain } from "./mrkdwn.js";
import { Surface } from "./surface.js";

export class Modal {
  constructor(store, notices) {
    Object.assign(this, { store, notices, shown: "", errors: null, view: null });
    this.dialog = h("dialog", { class: "modal", on: { cancel: (event) => this.#escape(event) } });
    document.body.append(this.dialog);
  }

  render({ workspace }) {
    const stack = workspace?.views ?? [];
    const view = stack.at(-1) ?? null;
    if (view?.hash !== this.view?.hash) this.errors = null;
    const shown = JSON.stringify([view?.id, view?.hash, stack.length, workspace?.me.id, this.errors]);
    if (shown === this.shown) return;
    this.shown = shown;
    const other = view?.id !== this.view?.id;
    this.view = view;
    if (!view) return this.dialog.close();
    const focused = other ? null : focusPath(this.dialog);
    this.#draw(view, stack.length);
    if (!this.dialog.open) this.dialog.showModal();
    if (focused) refocus(this.dialog, focused);
    else if (other) this.#focusFirst();
  }

  #focusFirst() {
    (
      this.dialog.querySelector("[autofocus]") ??
      this.dialog.querySelector(".modal-body :is(input, textarea, select, button, a[href])") ??
      this.dialog.querySelector("button")
    ).focus();
  }

  #draw(view, depth) {
    const target = { view_id: view.id };
    const surface = new Surface({ store: this.store, target, key: `view ${view.id}`, errors: this.errors });
    this.form = surface.form;
    this.form.redraw();
    const title = h("h2", { id: "modal-title" }, plain(view.title?.text ?? ""));
    this.dialog.setAttribute("aria-labelledby", "modal-title");
    const back = depth > 1 ? iconButton("back", "Back", () => this.#close(false)) : null;
    const close = iconButton("close", "Close", () => this.#close(true));
    this.trouble = h("p", { class: "modal-trouble", role: "alert", hidden: true });
    replace(
      this.dialog,
      h("header", { class: "modal-head" }, back, title, close),
      h(
        "form",
        { class: "modal-form", novalidate: true, on: { submit: (event) => this.#submit(event) } },
        h("div", { class: "modal-body" }, blocks(view.blocks, surface)),
        this.#foot(view),
      ),
    );
  }

  #foot(view) {
    const closing = h(
      "button",
      { type: "button", class: "button", on: { click: () => this.#close(false) } },
      plain(view.close?.text ?? "Close"),
    );
    this.button = view.submit
      ? h("button", { type: "submit", class: "button primary" }, plain(view.submit.text))
      : null;
    return h(
      "footer",
      { class: "modal-foot" },
      this.trouble,
      h("div", { class: "modal-actions" }, closing, this.button),
    );
  }

  #escape(event) {
    event.preventDefault();
    if (!this.dialog.querySelector("[popover]:popover-open")) this.#close(false);
  }

  async #close(everything) {
    const { user } = this.store.state;
    try {
      await people.close({ user, view_id: this.view.id, ...(everything ? { everything: true } : {}) });
    } catch (failure) {
      this.#say(failure.message);
    }
    await this.store.refresh();
  }

  #say(words) {
    replace(this.trouble, icon("warn"), h("span", {}, words));
    this.trouble.hidden = false;
  }

  async #submit(event) {
    event.preventDefault();
    if (!this.button || this.button.getAttribute("aria-busy") === "true") return;
    this.trouble.hidden = true;
    this.button.setAttribute("aria-busy", "true");
    this.dialog.classList.add("waiting");
    try {
      const answer = await submit({
        user: this.store.state.user,
        view_id: this.view.id,
        values: this.form.values(),
      });
      this.#show(answer?.errors && Object.keys(answer.errors).length ? answer.errors : null);
    } catch (failure) {
      this.#say(failure.message);
    } finally {
      this.button.removeAttribute("aria-busy");
      this.dialog.classList.remove("waiting");
      await this.store.refresh();
    }
  }

  #show(errors) {
    if (JSON.stringify(errors) === JSON.stringify(this.errors)) return;
    this.errors = errors;
    this.render(this.store.state);
    this.dialog.querySelector(".has-error :is(input, textarea, select, button)")?.focus();
  }
}
