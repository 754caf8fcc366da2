// Keeps the focus where it was while a surface is redrawn around it.

const CONTROLS = "button, a[href], input, select, textarea";

/** Which control has the focus, told so that the same one can be found after a redraw. */
export function focusPath(root) {
  const focused = document.activeElement;
  if (!root.contains(focused) || focused === root) return null;
  const block = focused.closest("[data-block]");
  const inBlock = block ? [...block.querySelectorAll(CONTROLS)].indexOf(focused) : -1;
  return { block: block?.dataset.block, inBlock, all: [...root.querySelectorAll(CONTROLS)].indexOf(focused) };
}

export function refocus(root, path) {
  if (!path) return;
  const block = path.block ? root.querySelector(`[data-block="${CSS.escape(path.block)}"]`) : null;
  const found = block?.querySelectorAll(CONTROLS)[path.inBlock] ?? root.querySelectorAll(CONTROLS)[path.all];
  (found ?? root).focus();
}
