// Emoji codes of common use. The status signs are drawn, so that they look the same where no emoji font is installed.

import { h, svg } from "./dom.js";

const disc = (tone) => () => [svg("circle", { cx: 10, cy: 10, r: 8, class: `fill-${tone}` })];
const stroke = (d) => svg("path", { d, class: "stroke-paper" });
const badge = (tone, d) => () => [
  svg("rect", { x: 2, y: 2, width: 16, height: 16, rx: 4, class: `fill-${tone}` }),
  stroke(d),
];
const round = (tone, d) => () => [svg("circle", { cx: 10, cy: 10, r: 8, class: `fill-${tone}` }), stroke(d)];

const DRAWN = {
  "✅": badge("green", "M5.5 10.5l3 3 6-7"),
  "✔️": () => [svg("path", { d: "M4 10.5l4 4 8-9", class: "stroke-green" })],
  "❌": () => [svg("path", { d: "M5 5l10 10M15 5 5 15", class: "stroke-red" })],
  "⚠️": () => [
    svg("path", { d: "M10 2 19 17.5H1z", class: "fill-yellow" }),
    svg("path", { d: "M10 7.5v4.5M10 14.7h.01", class: "stroke-ink" }),
  ],
  "⛔": round("red", "M5.5 10h9"),
  "🚫": () => [
    svg("circle", { cx: 10, cy: 10, r: 7, class: "stroke-red" }),
    svg("path", { d: "M5 5l10 10", class: "stroke-red" }),
  ],
  "🔴": disc("red"),
  "🟠": disc("orange"),
  "🟡": disc("yellow"),
  "🟢": disc("green"),
  "🔵": disc("blue"),
  "🟣": disc("purple"),
  "⚪": disc("pale"),
  "⚫": disc("ink"),
  ℹ️: badge("blue", "M10 9v5M10 6h.01"),
  "❓": () => [svg("path", { d: "M7 7a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M10 15h.01", class: "stroke-red" })],
  "❗": () => [svg("path", { d: "M10 4v8M10 15.5h.01", class: "stroke-red" })],
};

const CODES = {
  white_check_mark: "✅",
  heavy_check_mark: "✔️",
  ballot_box_with_check: "☑️",
  x: "❌",
  negative_squared_cross_mark: "❎",
  warning: "⚠️",
  no_entry: "⛔",
  no_entry_sign: "🚫",
  octagonal_sign: "🛑",
  question: "❓",
  exclamation: "❗",
  heavy_exclamation_mark: "❗",
  information_source: "ℹ️",
  red_circle: "🔴",
  large_orange_circle: "🟠",
  large_yellow_circle: "🟡",
  large_green_circle: "🟢",
  large_blue_circle: "🔵",
  large_purple_circle: "🟣",
  white_circle: "⚪",
  black_circle: "⚫",
  large_red_square: "🟥",
  large_green_square: "🟩",
  large_yellow_square: "🟨",
  hourglass: "⌛",
  hourglass_flowing_sand: "⏳",
  alarm_clock: "⏰",
  stopwatch: "⏱️",
  timer_clock: "⏲️",
  clock1: "🕐",
  clock3: "🕒",
  calendar: "📆",
  date: "📅",
  spiral_calendar_pad: "🗓️",
  link: "🔗",
  chains: "⛓️",
  broken_heart: "💔",
  lock: "🔒",
  unlock: "🔓",
  closed_lock_with_key: "🔐",
  key: "🔑",
  shield: "🛡️",
  bell: "🔔",
  no_bell: "🔕",
  zzz: "💤",
  sleeping: "😴",
  rotating_light: "🚨",
  fire: "🔥",
  boom: "💥",
  sparkles: "✨",
  star: "⭐",
  zap: "⚡",
  tada: "🎉",
  rocket: "🚀",
  wave: "👋",
  eyes: "👀",
  eye: "👁️",
  thumbsup: "👍",
  "+1": "👍",
  thumbsdown: "👎",
  "-1": "👎",
  ok_hand: "👌",
  raised_hands: "🙌",
  clap: "👏",
  pray: "🙏",
  muscle: "💪",
  point_right: "👉",
  point_down: "👇",
  point_up: "☝️",
  heart: "❤️",
  smile: "😄",
  smiley: "😃",
  grinning: "😀",
  slightly_smiling_face: "🙂",
  blush: "😊",
  wink: "😉",
  joy: "😂",
  thinking_face: "🤔",
  neutral_face: "😐",
  worried: "😟",
  sob: "😭",
  sweat_smile: "😅",
  robot_face: "🤖",
  bust_in_silhouette: "👤",
  busts_in_silhouette: "👥",
  woman: "👩",
  man: "👨",
  speech_balloon: "💬",
  thought_balloon: "💭",
  mega: "📣",
  loudspeaker: "📢",
  email: "✉️",
  envelope: "✉️",
  inbox_tray: "📥",
  outbox_tray: "📤",
  package: "📦",
  memo: "📝",
  pencil: "📝",
  pencil2: "✏️",
  clipboard: "📋",
  pushpin: "📌",
  round_pushpin: "📍",
  paperclip: "📎",
  page_facing_up: "📄",
  file_folder: "📁",
  open_file_folder: "📂",
  card_index: "📇",
  bar_chart: "📊",
  chart_with_upwards_trend: "📈",
  chart_with_downwards_trend: "📉",
  mag: "🔍",
  mag_right: "🔎",
  gear: "⚙️",
  wrench: "🔧",
  hammer: "🔨",
  hammer_and_wrench: "🛠️",
  toolbox: "🧰",
  electric_plug: "🔌",
  satellite: "🛰️",
  satellite_antenna: "📡",
  globe_with_meridians: "🌐",
  earth_africa: "🌍",
  computer: "💻",
  iphone: "📱",
  movie_camera: "🎥",
  clapper: "🎬",
  film_frames: "🎞️",
  video_camera: "📹",
  camera: "📷",
  musical_note: "🎵",
  art: "🎨",
  bread: "🍞",
  croissant: "🥐",
  bike: "🚲",
  bicyclist: "🚴",
  coffee: "☕",
  sunny: "☀️",
  partly_sunny: "⛅",
  cloud: "☁️",
  rain_cloud: "🌧️",
  lightning: "🌩️",
  snowflake: "❄️",
  rainbow: "🌈",
  seedling: "🌱",
  arrow_right: "➡️",
  arrow_left: "⬅️",
  arrow_up: "⬆️",
  arrow_down: "⬇️",
  arrow_upper_right: "↗️",
  arrows_counterclockwise: "🔄",
  arrows_clockwise: "🔃",
  repeat: "🔁",
  leftwards_arrow_with_hook: "↩️",
  heavy_plus_sign: "➕",
  heavy_minus_sign: "➖",
  wastebasket: "🗑️",
  new: "🆕",
  free: "🆓",
  ok: "🆗",
  sos: "🆘",
  one: "1️⃣",
  two: "2️⃣",
  three: "3️⃣",
  four: "4️⃣",
  bulb: "💡",
  trophy: "🏆",
  checkered_flag: "🏁",
  triangular_flag_on_post: "🚩",
  white_flag: "🏳️",
  construction: "🚧",
  ghost: "👻",
  crossed_fingers: "🤞",
  handshake: "🤝",
  ticket: "🎫",
  label: "🏷️",
  bookmark: "🔖",
  newspaper: "📰",
  books: "📚",
  book: "📖",
  moneybag: "💰",
  repeat_one: "🔂",
  fast_forward: "⏩",
  double_vertical_bar: "⏸️",
  black_square_for_stop: "⏹️",
  arrow_forward: "▶️",
  small_blue_diamond: "🔹",
};

export const EMOJI = /:([a-z0-9_+'-]+):(?::skin-tone-[2-6]:)?/;

/** The sign of a code, or null when it is none we know (it then stays as written, as in Slack). */
export function emoji(code) {
  const sign = CODES[code];
  return sign ? draw(sign, code) : null;
}

function draw(sign, code) {
  const label = code.replaceAll("_", " ");
  const parts = DRAWN[sign];
  if (!parts) return h("span", { class: "emoji", role: "img", "aria-label": label, title: `:${code}:` }, sign);
  return svg("svg", { class: "emoji emoji-drawn", viewBox: "0 0 20 20", role: "img", "aria-label": label }, ...parts());
}

const NAMES = Object.fromEntries(
  Object.entries(CODES)
    .map(([code, sign]) => [sign, code])
    .reverse(),
);
const SIGNS = new RegExp(
  Object.keys(DRAWN)
    .map((sign) => sign.replace("\uFE0F", "\uFE0F?"))
    .join("|"),
  "gu",
);

/** Splits plain text so that emoji codes (and status signs written as characters) become signs. */
export function withEmoji(text) {
  const parts = [];
  let rest = text;
  for (let match = EMOJI.exec(rest); match; match = EMOJI.exec(rest)) {
    const sign = emoji(match[1]);
    const end = match.index + (sign ? match[0].length : match[0].length - 1);
    parts.push(...withSigns(rest.slice(0, sign ? match.index : end)));
    if (sign) parts.push(sign);
    rest = rest.slice(end);
  }
  return [...parts, ...withSigns(rest)];
}

function withSigns(text) {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(SIGNS)) {
    const sign = DRAWN[match[0]] ? match[0] : `${match[0]}\uFE0F`;
    parts.push(text.slice(from, match.index), draw(sign, NAMES[sign]));
    from = match.index + match[0].length;
  }
  return [...parts, text.slice(from)].filter((part) => part !== "");
}
