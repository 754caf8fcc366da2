// Elements that are typed into or ticked: text, numbers, dates, check boxes, radio buttons, files.

import { h, replace, uid } from "./dom.js";
import { iconButton } from "./icons.js";
import { confirm } from "./ask.js";
import { textObject } from "./mrkdwn.js";

const TEXT_KINDS = { email_text_input: "email", url_text_input: "url", number_input: "text" };

async function settled(element, place, state, node) {
  place.surface.form.set(place.blockId, element.action_id, state);
  if (!place.live) return;
  if (element.confirm && !(await confirm(element.confirm))) return;
  place.surface.act(element, place.blockId, state, node);
}

const begin = (element, place, initial) =>
  place.surface.form.begin(place.blockId, element.action_id, { type: element.type, ...initial });

function counter(node, element) {
  if (!element.max_length) return null;
  const left = h("span", { class: "count", "aria-live": "off" });
  const show = () => (left.textContent = String(element.max_length - node.value.length));
  node.addEventListener("input", show);
  show();
  return left;
}

/** plain_text_input, email_text_input, url_text_input and number_input. */
export function textInput(element, place) {
  const state = begin(element, place, { value: element.initial_value ?? null });
  const when = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const now = () => ({ type: element.type, value: node.value || null });
  const typed = () => {
    place.surface.form.set(place.blockId, element.action_id, now());
    if (place.live && when.includes("on_character_entered")) place.surface.act(element, place.blockId, now(), node);
  };
  const pressed = (event) => {
    if (event.key !== "Enter" || element.multiline || !place.live || !when.includes("on_enter_pressed")) return;
    event.preventDefault();
    place.surface.act(element, place.blockId, now(), node);
  };
  const node = h(element.multiline ? "textarea" : "input", {
    class: "input",
    type: element.multiline ? null : (TEXT_KINDS[element.type] ?? "text"),
    rows: element.multiline ? 5 : null,
    value: state.value ?? "",
    inputmode: element.type === "number_input" ? (element.is_decimal_allowed ? "decimal" : "numeric") : null,
    placeholder: element.placeholder?.text,
    maxlength: element.max_length,
    minlength: element.min_length,
    autofocus: element.focus_on_load,
    id: place.id,
    "aria-label": place.id ? null : place.label,
    "aria-describedby": place.describedBy,
    autocomplete: "off",
    on: { input: typed, keydown: pressed },
  });
  return h("div", { class: "element text-element" }, node, counter(node, element));
}

/** rich_text_input: plain lines here; the state has the shape of a rich_text block. */
export function richTextInput(element, place) {
  const asBlock = (text) => ({
    type: "rich_text",
    elements: [{ type: "rich_text_section", elements: text ? [{ type: "text", text }] : [] }],
  });
  const words = (block) =>
    (block?.elements ?? []).flatMap((part) => (part.elements ?? []).map((leaf) => leaf.text ?? "")).join("");
  const state = begin(element, place, { rich_text_value: element.initial_value ?? asBlock("") });
  const typed = () =>
    place.surface.form.set(place.blockId, element.action_id, {
      type: element.type,
      rich_text_value: asBlock(node.value),
    });
  const node = h("textarea", {
    class: "input",
    rows: 5,
    id: place.id,
    value: words(state.rich_text_value),
    placeholder: element.placeholder?.text,
    on: { input: typed },
  });
  return h("div", { class: "element" }, node);
}

const DATES = {
  datepicker: { type: "date", initial: "initial_date", field: "selected_date" },
  timepicker: { type: "time", initial: "initial_time", field: "selected_time" },
  datetimepicker: { type: "datetime-local", initial: "initial_date_time", field: "selected_date_time" },
};

const two = (number) => String(number).padStart(2, "0");

function localMoment(seconds) {
  const date = new Date(seconds * 1000);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** datepicker, timepicker and datetimepicker, with the browser's own pickers. */
export function dateInput(element, place) {
  const { type, initial, field } = DATES[element.type];
  const moment = element.type === "datetimepicker";
  const zone = element.timezone ? { timezone: element.timezone } : {};
  const state = begin(element, place, { [field]: element[initial] ?? null, ...zone });
  const shown = state[field] === null ? "" : moment ? localMoment(state[field]) : state[field];
  const changed = () => {
    const value = moment && node.value ? Math.floor(new Date(node.value).getTime() / 1000) : node.value || null;
    settled(element, place, { type: element.type, [field]: value, ...zone }, node);
  };
  const node = h("input", {
    class: "input input-date",
    type,
    value: shown,
    id: place.id,
    "aria-label": place.id ? null : (place.label ?? element.placeholder?.text ?? "Date"),
    on: { change: changed },
  });
  return h("div", { class: "element" }, node);
}

/** checkboxes and radio_buttons. */
export function choices(element, place) {
  const many = element.type === "checkboxes";
  const field = many ? "selected_options" : "selected_option";
  const initial = many ? (element.initial_options ?? []) : (element.initial_option ?? null);
  const state = begin(element, place, { [field]: initial });
  const chosen = [state[field]]
    .flat()
    .filter(Boolean)
    .map((one) => one.value);
  const name = uid("choice");
  const boxes = element.options.map((option) =>
    h("input", {
      type: many ? "checkbox" : "radio",
      name,
      checked: chosen.includes(option.value),
      on: { change: () => changed() },
    }),
  );
  const changed = () => {
    const ticked = element.options.filter((_, index) => boxes[index].checked);
    settled(element, place, { type: element.type, [field]: many ? ticked : (ticked[0] ?? null) }, node);
  };
  const rows = element.options.map((option, index) => {
    const detail = option.description ? h("small", {}, textObject(option.description)) : null;
    return h("label", { class: "choice" }, boxes[index], h("span", {}, textObject(option.text), detail));
  });
  const node = h(
    "div",
    { class: "choices", role: many ? "group" : "radiogroup", "aria-label": place.label ?? null },
    rows,
  );
  return h("div", { class: "element" }, node);
}

/** file_input: files are uploaded when chosen, the state names them. */
export function fileInput(element, place) {
  const most = element.max_files ?? 10;
  const state = begin(element, place, { files: [] });
  let files = state.files;
  const list = h("ul", { class: "chosen-files" });
  const note = h("p", { class: "field-error", role: "alert", hidden: true });
  const keep = () => {
    place.surface.form.set(place.blockId, element.action_id, { type: element.type, files });
    replace(
      list,
      files.map((file) =>
        h(
          "li",
          {},
          file.name,
          iconButton("close", `Remove ${file.name}`, () => remove(file)),
        ),
      ),
    );
  };
  const remove = (file) => {
    files = files.filter((one) => one !== file);
    keep();
  };
  const chosen = async () => {
    note.hidden = true;
    for (const file of [...input.files].slice(0, most - files.length)) {
      try {
        files = [...files, await place.surface.upload(file)];
      } catch (failure) {
        note.textContent = failure.message;
        note.hidden = false;
      }
    }
    input.value = "";
    keep();
  };
  const accept = element.filetypes?.map((type) => `.${type}`).join(",");
  const input = h("input", {
    type: "file",
    class: "input",
    id: place.id,
    accept,
    multiple: most > 1,
    on: { change: chosen },
  });
  keep();
  return h("div", { class: "element" }, input, list, note);
}
