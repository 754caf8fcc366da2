// The page's own pictograms, drawn with strokes on a 20 × 20 field so that they follow the text colour.

import { h, svg } from "./dom.js";

const PATHS = {
  hash: ["M8 3 6 17", "M14 3l-2 14", "M3.5 7.5h14", "M2.5 12.5h14"],
  people: [
    "M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
    "M2.5 16.5c0-3 2-5 5-5s5 2 5 5",
    "M13 4a3 3 0 0 1 0 5.6",
    "M14.5 11.8c2 .6 3 2.4 3 4.7",
  ],
  shared: ["M8 12l4-4", "M9 6l2-2a3.5 3.5 0 0 1 5 5l-2 2", "M11 14l-2 2a3.5 3.5 0 0 1-5-5l2-2"],
  more: ["M4.5 10h.01", "M10 10h.01", "M15.5 10h.01"],
  reply: ["M3 4h14v9.5H9L5.5 16.5v-3H3z"],
  close: ["M5 5l10 10", "M15 5 5 15"],
  back: ["M12 4l-6 6 6 6"],
  send: ["M3 10 17 3.5 12.5 17 9.5 11z", "M9.5 11 17 3.5"],
  clip: ["M15 9.5 9.5 15a3.3 3.3 0 0 1-4.7-4.7l6-6a2.3 2.3 0 0 1 3.2 3.2l-5.7 5.7a1 1 0 0 1-1.5-1.5l5-5"],
  menu: ["M3 5.5h14", "M3 10h14", "M3 14.5h14"],
  weather: ["M6 15.5a3.5 3.5 0 0 1-.4-7A4.7 4.7 0 0 1 14.6 8 3.8 3.8 0 0 1 14 15.5z", "M13 5a3 3 0 0 1 4 3.5"],
  clock: ["M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15z", "M10 6v4l2.8 2"],
  down: ["M5 7.5l5 5 5-5"],
  eye: [
    "M2 10c2-3.7 4.7-5.5 8-5.5s6 1.8 8 5.5c-2 3.7-4.7 5.5-8 5.5S4 13.7 2 10z",
    "M10 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  ],
  warn: ["M10 3 18 16.5H2z", "M10 8v4", "M10 14.3h.01"],
  info: ["M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15z", "M10 9v5", "M10 6.2h.01"],
  check: ["M4 10.5l4 4 8-9"],
  external: ["M11 3.5h5.5V9", "M16.5 3.5 9 11", "M14 11.5v5H3.5V6h5"],
  file: ["M5 2.5h6.5L16 7v10.5H5z", "M11.5 2.5V7H16"],
  film: ["M3 4.5h14v11H3z", "M6.5 4.5v11", "M13.5 4.5v11", "M3 8h3.5", "M3 12h3.5", "M13.5 8H17", "M13.5 12H17"],
  bolt: ["M11 2.5 4 11.5h5L8.5 17.5 16 8.5h-5z"],
  home: ["M3 9.5 10 3.5l7 6", "M5 8.5v8h10v-8"],
  trash: ["M4 5.5h12", "M8 5.5v-2h4v2", "M5.5 5.5l.700 11.5h7.6l.700-11.5"],
  thumbsup: ["M6 9v7.5H3V9z", "M6 9l3.5-6c1.5 0 2 1 1.5 2.5L10.5 8H16l-1.5 8.5H6"],
  thumbsdown: ["M6 11V3.5H3V11z", "M6 11l3.5 6c1.5 0 2-1 1.5-2.5L10.5 12H16l-1.5-8.5H6"],
  plus: ["M10 4v12", "M4 10h12"],
  pending: ["M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15z"],
};

/** A decorative pictogram; the control around it carries the words. */
export function icon(name) {
  const strokes = (PATHS[name] ?? PATHS.info).map((d) => svg("path", { d }));
  return svg("svg", { class: "icon", viewBox: "0 0 20 20", "aria-hidden": "true", focusable: "false" }, ...strokes);
}

export function iconButton(name, label, click, attributes = {}) {
  return h(
    "button",
    { type: "button", class: "icon-button", "aria-label": label, title: label, on: { click }, ...attributes },
    icon(name),
  );
}

/** Crosslink's mark: two links of a chain that hold each other. */
export function appMark() {
  const ring = (x, tone) => svg("rect", { x, y: 6.5, width: 9, height: 7, rx: 3.5, class: tone });
  return svg(
    "svg",
    { class: "app-mark", viewBox: "0 0 20 20", "aria-hidden": "true" },
    ring(2.5, "ring-one"),
    ring(8.5, "ring-two"),
  );
}
