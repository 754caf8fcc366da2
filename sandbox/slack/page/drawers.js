// The side surfaces. On a wide window they stand beside the messages; on a phone they slide over them.

const NARROW = matchMedia("(max-width: 860px)");

export class Drawers {
  #openers = new Map();

  /** `surfaces` by name; a surface shown only on demand has `hidden` in the page. */
  constructor(surfaces, backdrop) {
    Object.assign(this, { surfaces, backdrop });
    backdrop.addEventListener("click", () => this.closeAll());
    document.addEventListener("keydown", (event) => {
      if (
        event.key === "Escape" &&
        !backdrop.hidden &&
        !document.querySelector("dialog[open], [popover]:popover-open:not(#notices)")
      )
        this.closeAll();
    });
    NARROW.addEventListener("change", () => this.closeAll());
  }

  isOpen(name) {
    const surface = this.surfaces[name];
    return name === "sidebar" ? surface.classList.contains("open") : !surface.hidden;
  }

  toggle(name, opener) {
    if (this.isOpen(name)) this.close(name);
    else this.open(name, opener);
  }

  open(name, opener) {
    const surface = this.surfaces[name];
    if (NARROW.matches)
      Object.keys(this.surfaces)
        .filter((other) => other !== name)
        .forEach((other) => this.close(other));
    surface.hidden = false;
    surface.classList.add("open");
    this.backdrop.hidden = !NARROW.matches;
    if (opener) this.#openers.set(name, opener);
    opener?.setAttribute("aria-expanded", "true");
    if (NARROW.matches) surface.querySelector("button, a, [tabindex]")?.focus();
    surface.dispatchEvent(new CustomEvent("opened"));
  }

  close(name) {
    const surface = this.surfaces[name];
    if (!this.isOpen(name)) return;
    const inside = surface.contains(document.activeElement);
    surface.classList.remove("open");
    if (name !== "sidebar") surface.hidden = true;
    this.backdrop.hidden = true;
    const opener = this.#openers.get(name);
    opener?.setAttribute("aria-expanded", "false");
    if (inside) opener?.focus();
    surface.dispatchEvent(new CustomEvent("closed"));
  }

  closeAll() {
    Object.keys(this.surfaces).forEach((name) => this.close(name));
  }
}
