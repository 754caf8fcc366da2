// Slack's select elements on top of the picker: what each kind offers, and the state it leaves.

import { h } from "./dom.js";
import { Picker } from "./picker.js";
import { confirm } from "./ask.js";

const fits = (query) => {
  const wanted = query.toLowerCase();
  return (one) => one.label.toLowerCase().includes(wanted);
};

const asChoice = (option) => ({ key: option.value, label: option.text.text, detail: option.description?.text, option });

function staticSearch(element) {
  const groups = element.option_groups ?? [{ options: element.options ?? [] }];
  return async (query) =>
    groups
      .map((group) => ({ label: group.label?.text, options: group.options.map(asChoice).filter(fits(query)) }))
      .filter((group) => group.options.length);
}

const listSearch = (list) => async (query) => [{ options: list.filter(fits(query)) }];

function externalSearch(element, blockId, surface) {
  const least = element.min_query_length ?? 3;
  return async (query) => {
    if (query.length < least) return [{ label: `Type at least ${least} characters.`, options: [] }];
    const found = await surface.suggest(element, blockId, query);
    const groups = found.option_groups ?? [{ options: found.options ?? [] }];
    return groups.map((group) => ({ label: group.label?.text, options: group.options.map(asChoice) }));
  };
}

const person = (user) => ({ key: user.id, label: `@${user.name}`, detail: user.team_name });
const channel = (one) => ({ key: one.id, label: `#${one.name}` });

function conversations(element, people) {
  const wanted = element.filter?.include;
  const public_ = !wanted || wanted.includes("public") || wanted.includes("private");
  const direct = !wanted || wanted.includes("im");
  return [...(public_ ? people.channels.map(channel) : []), ...(direct ? people.users.map(person) : [])];
}

const KINDS = {
  static: { noun: "option", search: staticSearch },
  external: { noun: "option", search: externalSearch },
  users: {
    noun: "user",
    search: (_e, _b, surface) => listSearch(surface.people().users.map(person)),
    known: (s) => s.people().users.map(person),
  },
  conversations: {
    noun: "conversation",
    search: (e, _b, s) => listSearch(conversations(e, s.people())),
    known: (s) => conversations({}, s.people()),
  },
  channels: {
    noun: "channel",
    search: (_e, _b, surface) => listSearch(surface.people().channels.map(channel)),
    known: (s) => s.people().channels.map(channel),
  },
};

function initial(element, { noun }, many, surface) {
  if (many) return element[`initial_${noun}s`] ?? [];
  const here = element.default_to_current_conversation ? surface.channel : null;
  const one = element[`initial_${noun}`] ?? here;
  return one ? [one] : [];
}

function asState(type, { noun }, many, chosen) {
  return many ? { type, [`selected_${noun}s`]: chosen } : { type, [`selected_${noun}`]: chosen[0] ?? null };
}

const chosenIn = (state, { noun }, many) =>
  many ? state[`selected_${noun}s`] : [state[`selected_${noun}`]].filter(Boolean);

/** A select element of any kind; `live` says that a choice is an action by itself. */
export function select(element, { blockId, surface, live, label }) {
  const many = element.type.startsWith("multi_");
  const kind = KINDS[element.type.replace(/^multi_/, "").replace(/_select$/, "")];
  const begin = asState(element.type, kind, many, initial(element, kind, many, surface));
  const state = surface.form.begin(blockId, element.action_id, begin);
  const known = kind.known?.(surface) ?? [];
  const choice = (one) =>
    typeof one === "string" ? (known.find(({ key }) => key === one) ?? { key: one, label: one }) : asChoice(one);
  const picker = new Picker({
    search: kind.search(element, blockId, surface),
    chosen: chosenIn(state, kind, many).map(choice),
    many,
    most: element.max_selected_items,
    placeholder: element.placeholder?.text,
    label,
    change: async (chosen) => {
      const next = asState(element.type, kind, many, chosen);
      surface.form.set(blockId, element.action_id, next);
      if (live && (!element.confirm || (await confirm(element.confirm))))
        surface.act(element, blockId, next, picker.node);
    },
  });
  return h("div", { class: "element" }, picker.node);
}
