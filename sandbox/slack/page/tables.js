// Tables, tables that page, and charts told as figures.

import { h, replace } from "./dom.js";
import { plain } from "./mrkdwn.js";
import { richText } from "./rich_text.js";

function content(cell) {
  if (cell.type === "rich_text") return richText(cell);
  if (cell.type === "raw_number") return cell.text ?? new Intl.NumberFormat("en").format(cell.value);
  return plain(cell.text ?? "");
}

function row(cells, { head = false, settings = [], rowHeader = -1 }) {
  const one = (cell, index) => {
    const align = settings[index]?.align ?? (cell.type === "raw_number" ? "right" : "left");
    const classes = [`align-${align}`, settings[index]?.is_wrapped && "wrapped"];
    const heading = head || index === rowHeader;
    return h(heading ? "th" : "td", { class: classes, scope: heading ? (head ? "col" : "row") : null }, content(cell));
  };
  return h("tr", {}, cells.map(one));
}

function frame(caption, head, body) {
  const label = caption ?? "Table";
  const title = caption ? h("caption", {}, caption) : null;
  return h(
    "div",
    { class: "table-scroll", tabindex: 0, role: "region", "aria-label": label },
    h("table", { class: "table" }, title, h("thead", {}, head), body),
  );
}

export function table(block) {
  const [first, ...rest] = block.rows;
  const settings = block.column_settings ?? [];
  return frame(
    null,
    row(first, { head: true, settings }),
    h(
      "tbody",
      {},
      rest.map((cells) => row(cells, { settings })),
    ),
  );
}

export function dataTable(block) {
  const [first, ...rest] = block.rows;
  const size = block.page_size ?? 5;
  const pages = Math.ceil(rest.length / size);
  let page = 0;
  const body = h("tbody");
  const where = h("span", { "aria-live": "polite" });
  const turn = (step) => {
    page = Math.min(Math.max(0, page + step), pages - 1);
    replace(
      body,
      rest
        .slice(page * size, (page + 1) * size)
        .map((cells) => row(cells, { rowHeader: block.row_header_column_index ?? 0 })),
    );
    where.textContent = `Page ${page + 1} of ${pages}`;
    back.disabled = page === 0;
    on.disabled = page === pages - 1;
  };
  const back = h("button", { type: "button", class: "button small", on: { click: () => turn(-1) } }, "Previous");
  const on = h("button", { type: "button", class: "button small", on: { click: () => turn(1) } }, "Next");
  turn(0);
  const pager = pages > 1 ? h("div", { class: "pager" }, back, where, on) : null;
  return h("div", {}, frame(block.caption, row(first, { head: true }), body), pager);
}

/** A chart as the figures behind it: honest, readable by everybody, and nothing to draw wrong. */
export function chart(block) {
  const { segments, series, axis_config: axes } = block.chart;
  const text = (words) => ({ type: "raw_text", text: words });
  const number = (value) => ({ type: "raw_number", value });
  const head = segments
    ? [text("Part"), text("Value")]
    : [text(axes.x_label ?? ""), ...series.map((one) => text(one.name))];
  const rows = segments
    ? segments.map((one) => [text(one.label), number(one.value)])
    : axes.categories.map((name, index) => [text(name), ...series.map((one) => number(one.data[index].value))]);
  return frame(
    block.title,
    row(head, { head: true }),
    h(
      "tbody",
      {},
      rows.map((cells) => row(cells, { rowHeader: 0 })),
    ),
  );
}
