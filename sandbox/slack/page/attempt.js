// Shows, beside the control that was used, that the app is being asked and whether it answered: nothing stays silent.

import { h } from "./dom.js";
import { icon } from "./icons.js";

const MARK = "attempt-mark";

function mark(node, failure) {
  return h("span", { class: [MARK, "failure"], role: "alert" }, icon("warn"), h("span", {}, failure.message));
}

/** Runs `work` once at a time for `node`; answers whether it worked. */
export async function attempt(node, work) {
  if (node.getAttribute("aria-busy") === "true") return false;
  node.parentElement?.querySelectorAll(`:scope > .${MARK}`).forEach((old) => old.remove());
  node.setAttribute("aria-busy", "true");
  try {
    await work();
    return true;
  } catch (failure) {
    node.after(mark(node, failure));
    return false;
  } finally {
    node.removeAttribute("aria-busy");
  }
}
