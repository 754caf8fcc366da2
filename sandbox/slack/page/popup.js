// A small floating surface beside a control: in the top layer, closed by Escape or a click elsewhere, focus returned.

import { h } from "./dom.js";

const MARGIN = 8;

function place(surface, anchor) {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = surface;
  const below = at.bottom + 4 + height <= innerHeight - MARGIN;
  const top = below ? at.bottom + 4 : Math.max(MARGIN, at.top - 4 - height);
  const left = Math.min(Math.max(MARGIN, at.left), innerWidth - width - MARGIN);
  surface.style.setProperty("top", `${top}px`);
  surface.style.setProperty("left", `${Math.max(MARGIN, left)}px`);
}

/** Opens `content` at `anchor`; answers a function that closes it. `onClose(returnFocus)` runs once. */
export function openPopup(anchor, content, { label, onClose, wide = false } = {}) {
  const surface = h(
    "div",
    { popover: "auto", class: ["popup", wide && "popup-wide"], role: "dialog", "aria-label": label },
    content,
  );
  (anchor.closest("dialog") ?? document.body).append(surface);
  if (wide) surface.style.setProperty("min-width", `${anchor.getBoundingClientRect().width}px`);
  anchor.setAttribute("aria-expanded", "true");
  surface.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    const inside = surface.contains(document.activeElement) || document.activeElement === document.body;
    surface.remove();
    anchor.setAttribute("aria-expanded", "false");
    if (inside && anchor.isConnected) anchor.focus();
    onClose?.();
  });
  surface.showPopover();
  place(surface, anchor);
  return { close: () => surface.isConnected && surface.hidePopover(), moved: () => place(surface, anchor) };
}

/** A menu button's list: arrows move, Enter chooses. Items are `{label, run, href?, danger?}`. */
export function openMenu(anchor, label, items) {
  const entries = items.map((item) => entry(item, () => popup.close()));
  const list = h(
    "div",
    { class: "menu", role: "menu", "aria-label": label, on: { keydown: (event) => walk(event, entries) } },
    entries,
  );
  const popup = openPopup(anchor, list, { label });
  entries[0]?.focus();
}

function entry(item, close) {
  const click = () => {
    close();
    item.run?.();
  };
  const common = { role: "menuitem", tabindex: -1, class: ["menu-item", item.danger && "danger"], on: { click } };
  const words = [h("span", {}, item.label), item.detail ? h("small", {}, item.detail) : null];
  if (item.href) return h("a", { ...common, href: item.href, target: "_blank", rel: "noopener noreferrer" }, words);
  return h("button", { ...common, type: "button" }, words);
}

function walk(event, entries) {
  const at = entries.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[event.key];
  if (event.key === "Tab") event.preventDefault();
  if (next === undefined) return;
  event.preventDefault();
  entries.at(next % entries.length).focus();
}
