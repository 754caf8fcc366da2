// One message: who, when, what, and what can be done with it.

import { h } from "./dom.js";
import { blocks } from "./blocks.js";
import { clockTime, fullTime, fromTs } from "./dates.js";
import { appMark, icon, iconButton } from "./icons.js";
import { mrkdwn } from "./mrkdwn.js";
import { fileCard } from "./files.js";
import { initials, tone } from "./people.js";

export function author(message, workspace) {
  const user = workspace.users.find((one) => one.id === message.user);
  const app = Boolean(message.bot_id || message.app_id || user?.is_bot);
  const called = user?.is_bot ? user.real_name : user?.name;
  const name = message.username ?? called ?? (app ? workspace.app?.name : null) ?? "somebody";
  const guest = user && user.team_id !== workspace.home_team.id && !app;
  return { id: message.user, name, app, guest: guest ? user.team_name : null };
}

export function avatar(who, workspace) {
  if (who.id === "USLACKBOT") return h("span", { class: "avatar slackbot", "aria-hidden": "true" }, icon("bolt"));
  if (who.app) return h("span", { class: "avatar app", "aria-hidden": "true" }, appMark());
  return h("span", { class: ["avatar", tone(workspace.people, who.id)], "aria-hidden": "true" }, initials(who.name));
}

/** What a screen reader hears of a new message. */
export function spoken(message, workspace) {
  const words = (message.text ?? "").replace(/<[^>]*\|([^>]+)>/g, "$1").slice(0, 300);
  return `${author(message, workspace).name}: ${words || "a message without words"}`;
}

function body(message, surface) {
  if (message.blocks?.length) return blocks(message.blocks, surface);
  return message.text ? h("div", { class: "text" }, mrkdwn(message.text)) : null;
}

function attachment(one, surface) {
  const content = one.blocks
    ? blocks(one.blocks, surface)
    : [one.pretext, one.title, one.text ?? one.fallback].filter(Boolean).map((text) => h("p", {}, mrkdwn(text)));
  return h("div", { class: "attachment" }, content);
}

function threadBar(message, open) {
  if (!message.reply_count) return null;
  const words = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
  return h(
    "button",
    { type: "button", class: "thread-bar", on: { click: () => open(message.ts) } },
    icon("reply"),
    words,
  );
}

/** `can` has what the reader may do: {openThread(ts), menu(message, anchor)}; either may be missing. */
export function message(one, { workspace, surface, grouped, can }) {
  const who = author(one, workspace);
  const when = fromTs(one.ts);
  const time = h("time", { class: "time", datetime: when.toISOString(), title: fullTime(when) }, clockTime(when));
  const badges = [
    who.app ? h("span", { class: "badge" }, "App") : null,
    who.guest ? h("span", { class: "badge guest" }, who.guest) : null,
  ];
  const head = h("div", { class: "message-head" }, h("strong", { class: "author" }, who.name), badges, time);
  const ephemeral = one.is_ephemeral ? h("p", { class: "ephemeral-mark" }, icon("eye"), "Only visible to you") : null;
  const edited = one.edited ? h("span", { class: "edited", title: "This message was edited" }, "(edited)") : null;
  const tools = one.is_ephemeral ? null : toolbar(one, can);
  return h(
    "article",
    {
      class: ["message", grouped && "grouped", one.is_ephemeral && "ephemeral"],
      "aria-label": `${who.name}, ${clockTime(when)}`,
      tabindex: -1,
      data: { ts: one.ts },
    },
    h("div", { class: "message-side" }, grouped ? time.cloneNode(true) : avatar(who, workspace)),
    h(
      "div",
      { class: "message-main" },
      ephemeral,
      grouped ? null : head,
      h(
        "div",
        { class: "message-body" },
        body(one, surface),
        (one.attachments ?? []).map((part) => attachment(part, surface)),
        edited,
      ),
      one.files?.length ? h("div", { class: "files" }, one.files.map(fileCard)) : null,
      can.openThread ? threadBar(one, can.openThread) : null,
    ),
    tools,
  );
}

function toolbar(one, can) {
  const reply = can.openThread
    ? iconButton("reply", "Reply in thread", () => can.openThread(one.thread_ts ?? one.ts))
    : null;
  const more = can.menu
    ? iconButton("more", "More actions", (event) => can.menu(one, event.currentTarget), {
        "aria-haspopup": "menu",
        "aria-expanded": "false",
      })
    : null;
  return h("div", { class: "message-tools" }, reply, more);
}
