// Every call that the page makes. A refused call throws a ControlError whose message is the sandbox's own sentence.

export class ControlError extends Error {}

const BASE = "/_sandbox/";

async function call(method, path, { query, body, form } = {}) {
  const asked = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== null);
  const address = `${BASE}${path}${asked.length ? `?${new URLSearchParams(asked)}` : ""}`;
  const json =
    body === undefined ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(address, { method, ...json, ...(form ? { body: form } : {}) }).catch(() => {
    throw new ControlError("The sandbox doesn't answer. Is it still running?");
  });
  const answer = await read(response);
  if (!response.ok) throw new ControlError(answer?.error ?? `The sandbox refused this (${response.status}).`);
  return answer;
}

async function read(response) {
  const text = await response.text();
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

const get = (path, query) => call("GET", path, { query });
const post = (path, body) => call("POST", path, { body });

export const workspace = (user) => get("workspace", { user });
export const messages = (channel, user) => get("messages", { channel, user });

export const people = {
  slash: (body) => post("people/slash", body),
  message: (body) => post("people/message", body),
  click: (body) => post("people/click", body),
  submit: (body) => post("people/submit", body),
  close: (body) => post("people/close", body),
  shortcut: (body) => post("people/shortcut", body),
  home: (body) => post("people/home", body),
  suggest: (body) => post("people/options", body),
  upload({ user, channel, file, text }) {
    const form = new FormData();
    form.append("user", user);
    if (channel) form.append("channel", channel);
    if (text) form.append("text", text);
    form.append("file", file, file.name);
    return call("POST", "people/upload", { form });
  },
};

export const clock = {
  read: () => get("clock"),
  advance: (seconds) => post("clock/advance", { seconds }),
};

export const faults = {
  list: () => get("faults"),
  add: (fault) => post("faults", fault),
  clear: () => call("DELETE", "faults"),
};

export const journal = (last) => get("journal", { last });

export const deliveries = () => get("deliveries");

export const platforms = {
  accounts: () => get("accounts"),
  change: (platform, handle, change) =>
    post(`accounts/${encodeURIComponent(platform)}/${encodeURIComponent(handle)}`, change),
  switches: (platform) => get(`switches/${encodeURIComponent(platform)}`),
  turn: (platform, change) => post(`switches/${encodeURIComponent(platform)}`, change),
};

/** Calls `heard(event)` for every change, `state(connected)` when the stream opens or breaks; reconnects by itself. */
export function listen(heard, state) {
  const stream = new EventSource(`${BASE}events`);
  stream.addEventListener("open", () => state(true));
  stream.addEventListener("error", () => state(false));
  stream.addEventListener("message", (event) => heard(JSON.parse(event.data)));
}
