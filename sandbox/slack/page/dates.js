// Times as Slack says them: in the reader's zone, with "today" judged by the sandbox's clock, not by the browser's.

let offset = 0;

/** Remembers how far the sandbox's clock has been turned, in milliseconds. */
export function setOffset(milliseconds) {
  offset = milliseconds;
}

export function now() {
  return new Date(Date.now() + offset);
}

const shape = (options) => new Intl.DateTimeFormat("en-GB", options);
const FORMATS = {
  time: shape({ hour: "2-digit", minute: "2-digit" }),
  seconds: shape({ hour: "2-digit", minute: "2-digit", second: "2-digit" }),
  long: shape({ weekday: "long", day: "numeric", month: "long" }),
  full: shape({
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  }),
};
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

export const clockTime = (date) => FORMATS.time.format(date);
export const clockSeconds = (date) => FORMATS.seconds.format(date);
export const fullTime = (date) => FORMATS.full.format(date);

/** The moment in a message's `ts`. */
export const fromTs = (ts) => new Date(Number.parseFloat(ts) * 1000);

function dayNumber(date) {
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000);
}

export const sameDay = (one, other) => dayNumber(one) === dayNumber(other);

function relativeDay(date) {
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[dayNumber(date) - dayNumber(now())] ?? null;
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

export function dayTitle(date) {
  const near = relativeDay(date);
  return near ? capital(near) : FORMATS.long.format(date);
}

function ordinal(number) {
  const tens = number % 100;
  if (tens > 10 && tens < 14) return `${number}th`;
  return `${number}${["th", "st", "nd", "rd"][number % 10] ?? "th"}`;
}

const two = (number) => String(number).padStart(2, "0");

const dayPlain = (date) => `${MONTHS[date.getMonth()]} ${date.getDate()}`;

function datePlain(date) {
  return `${MONTHS[date.getMonth()]} ${ordinal(date.getDate())}, ${date.getFullYear()}`;
}

function dateShort(date) {
  return `${MONTHS[date.getMonth()].slice(0, 3)} ${date.getDate()}, ${date.getFullYear()}`;
}

const dateLong = (date) => `${DAYS[date.getDay()]}, ${datePlain(date)}`;

/** "in 3 days", "5 minutes ago". */
export function ago(date) {
  const seconds = Math.round((date - now()) / 1000);
  const [unit, size] = [
    ["day", 86_400],
    ["hour", 3600],
    ["minute", 60],
    ["second", 1],
  ].find(([, s]) => Math.abs(seconds) >= s) ?? ["second", 1];
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

const TOKENS = {
  date_num: (d) => `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`,
  date_slash: (d) => `${two(d.getDate())}/${two(d.getMonth() + 1)}/${d.getFullYear()}`,
  date: dayPlain,
  date_short: dateShort,
  date_long: dateLong,
  date_long_full: (d) => `${dayPlain(d)}, ${d.getFullYear()}`,
  date_pretty: (d) => relativeDay(d) ?? dayPlain(d),
  date_short_pretty: (d) => relativeDay(d) ?? dateShort(d),
  date_long_pretty: (d) => relativeDay(d) ?? dateLong(d),
  day_divider_pretty: dayTitle,
  time: clockTime,
  time_secs: clockSeconds,
  ago,
};

/** Fills the curly tokens of `<!date^…>`; null when the format has none that Slack knows. */
export function slackDate(seconds, format) {
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime()) || !/\{\w+\}/.test(format)) return null;
  const words = format.replace(/\{(\w+)\}/g, (whole, name) => TOKENS[name]?.(date) ?? whole);
  return format.startsWith("{") ? capital(words) : words;
}

/** A length in words: 864000 → "10 days", 5400 → "1 h 30 min". */
export function duration(seconds) {
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3600);
  const minutes = Math.round((seconds % 3600) / 60);
  const parts = [days && `${days} ${days === 1 ? "day" : "days"}`, hours && `${hours} h`, minutes && `${minutes} min`];
  return parts.filter(Boolean).join(" ") || "0 min";
}
