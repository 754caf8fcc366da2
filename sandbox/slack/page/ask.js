// Dialogs that ask one question: Slack's confirmation objects, and the page's own.

import { h } from "./dom.js";
import { plain, textObject } from "./mrkdwn.js";

/** Asks; resolves to true when the person confirms. */
export function confirm({ title, text, confirm: yes, deny: no, style }) {
  return new Promise((resolve) => {
    const answer = (value) => {
      dialog.close();
      dialog.remove();
      resolve(value);
    };
    const dialog = h(
      "dialog",
      { class: "modal ask", "aria-label": title.text, on: { cancel: () => answer(false) } },
      h("h2", {}, plain(title.text)),
      h("div", { class: "ask-text" }, textObject(text)),
      h(
        "div",
        { class: "modal-actions" },
        h(
          "button",
          { type: "button", class: "button", on: { click: () => answer(false) } },
          plain(no?.text ?? "Cancel"),
        ),
        h(
          "button",
          {
            type: "button",
            class: ["button", style === "danger" ? "danger-solid" : "primary"],
            on: { click: () => answer(true) },
          },
          plain(yes?.text ?? "Yes"),
        ),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
