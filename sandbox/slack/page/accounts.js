// The accounts on both platforms as they really are, and what their owners or the platforms can do to them.

import { platforms } from "./api.js";
import { confirm } from "./ask.js";
import { attempt } from "./attempt.js";
import { ago, fullTime } from "./dates.js";
import { h, link, replace } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./popup.js";

const PLATFORMS = {
  tiktok: { title: "TikTok", settings: "/www.tiktok.com/setting", login: "/www.tiktok.com/login" },
  instagram: {
    title: "Instagram",
    settings: "/www.instagram.com/accounts/manage_access/",
    login: "/www.instagram.com/accounts/login/",
  },
};

const CONDITIONS = {
  normal: ["Let it be normal again", "is normal again"],
  checkpoint: ["Put a security check in front", "now has to pass a security check"],
  restricted: ["Restrict it", "is restricted now"],
  banned: ["Ban it", "is banned now"],
};

const KINDS = {
  BUSINESS: ["Make it a business account", "is a business account now"],
  MEDIA_CREATOR: ["Make it a creator account", "is a creator account now"],
  PERSONAL: ["Make it a personal account", "is a personal account now"],
};

const PASSWORD = { label: "Change its password", change: { password_changed: true }, said: "has a new password" };

const OWN = {
  tiktok: [
    {
      label: "Say it posted too much today",
      change: { posting: "too_many_posts" },
      said: "has posted too much for today",
    },
  ],
  instagram: [
    { label: "Log it out everywhere", change: { logged_out: true }, said: "was logged out everywhere" },
    {
      label: "Ask for its data to be deleted",
      change: { request_deletion: true },
      said: "asked for its data to be deleted",
    },
  ],
};

const KIND_WORDS = { BUSINESS: "Business", MEDIA_CREATOR: "Creator", PERSONAL: "Personal" };

/** Everything that can be done to an account now, as `{label, change, said, ask?}`. */
function acts(account) {
  const privacy = account.private
    ? { label: "Make it public", change: { private: false }, said: "is public now" }
    : { label: "Make it private", change: { private: true }, said: "is private now" };
  const conditions = Object.entries(CONDITIONS)
    .filter(([name]) => name !== account.state)
    .map(([name, [label, said]]) => ({ label, change: { condition: name }, said, ask: name === "banned" }));
  const kinds = account.type
    ? Object.entries(KINDS)
        .filter(([name]) => name !== account.type)
        .map(([name, [label, said]]) => ({ label, change: { type: name }, said }))
    : [];
  return [privacy, ...kinds, ...conditions, PASSWORD, ...(OWN[account.platform] ?? [])];
}

function expiry(words, moment) {
  if (!moment) return null;
  const when = new Date(moment);
  return h("li", {}, `${words} `, h("time", { datetime: moment, title: fullTime(when) }, ago(when)));
}

export class Accounts {
  constructor(notices, changed) {
    Object.assign(this, { notices, changed, node: h("div", { class: "accounts" }), shown: "" });
  }

  async refresh() {
    try {
      const accounts = await platforms.accounts();
      const shown = JSON.stringify(accounts);
      if (shown === this.shown || this.node.querySelector("[aria-expanded=true], [aria-busy=true]")) return;
      this.shown = shown;
      this.#draw(accounts);
    } catch (failure) {
      this.shown = "";
      replace(this.node, h("p", { class: "panel-note failure" }, failure.message));
    }
  }

  #draw(accounts) {
    const focused = document.activeElement?.dataset?.act;
    const names = [...new Set(accounts.map((one) => one.platform))];
    replace(
      this.node,
      names.length
        ? names.map((name) =>
            this.#platform(
              name,
              accounts.filter((one) => one.platform === name),
            ),
          )
        : h("p", { class: "panel-note" }, "No platform is part of this sandbox."),
    );
    if (focused) this.node.querySelector(`[data-act="${CSS.escape(focused)}"]`)?.focus();
  }

  #platform(name, accounts) {
    const { title, settings } = PLATFORMS[name] ?? { title: name };
    const pages = settings
      ? h("p", { class: "panel-links" }, link(settings, "Apps and websites", icon("external")))
      : null;
    return h(
      "section",
      { "aria-label": title },
      h("h3", { class: `platform platform-${name}` }, title, pages),
      h(
        "ul",
        {},
        accounts.map((one) => this.#account(one)),
      ),
    );
  }

  #account(account) {
    const key = `${account.platform} ${account.handle}`;
    const pills = [
      h("span", { class: ["pill", account.state === "normal" ? "good" : "bad"] }, account.state),
      account.private === undefined ? null : h("span", { class: "pill" }, account.private ? "private" : "public"),
      account.type ? h("span", { class: "pill" }, KIND_WORDS[account.type] ?? account.type) : null,
    ];
    const more = h(
      "button",
      {
        type: "button",
        class: "button small",
        data: { act: key },
        "aria-haspopup": "menu",
        "aria-expanded": "false",
        on: { click: () => this.#menu(account, more) },
      },
      "Change…",
    );
    const title = h(
      "div",
      { class: "account-title" },
      h("strong", {}, account.url ? link(account.url, `@${account.handle}`) : `@${account.handle}`),
      h("small", { class: "muted" }, account.name),
    );
    return h(
      "li",
      { class: "account" },
      h("div", { class: "account-head" }, title, more),
      h("p", { class: "pills" }, pills),
      this.#grants(account, key),
    );
  }

  #grants(account, key) {
    if (!account.linked) return h("p", { class: "muted account-none" }, "No app is linked.");
    return (account.grants ?? []).map((grant) => this.#grant(account, grant, key));
  }

  #grant(account, grant, key) {
    const scopes = (grant.scopes ?? []).map((scope) => this.#scope(account, scope, key));
    const remove = h(
      "button",
      {
        type: "button",
        class: "button small danger",
        data: { act: `${key} remove` },
        on: {
          click: () => this.#do(account, { change: { remove_app: true }, said: "no longer lets Crosslink in" }, remove),
        },
      },
      "Remove the app",
    );
    const times = [
      expiry("Access runs out", grant.access_expires ?? grant.token_expires),
      expiry("Renewing ends", grant.refresh_expires),
    ];
    return h(
      "div",
      { class: "grant" },
      h("div", { class: "grant-head" }, h("span", {}, icon("shared"), " Crosslink is linked"), remove),
      h("ul", { class: "scopes" }, scopes),
      h("ul", { class: "expiries" }, times),
    );
  }

  #scope(account, scope, key) {
    const box = h("input", {
      type: "checkbox",
      checked: true,
      data: { act: `${key} ${scope}` },
      on: { change: () => this.#untick(account, scope, box) },
    });
    return h("li", {}, h("label", {}, box, h("code", {}, scope)));
  }

  async #untick(account, scope, box) {
    const done = await this.#do(
      account,
      { change: { untick: [scope] }, said: `withdrew ${scope}` },
      box.closest("label"),
    );
    if (!done) box.checked = true;
  }

  #menu(account, anchor) {
    const items = acts(account).map((act) => ({ label: act.label, run: () => this.#do(account, act, anchor) }));
    openMenu(anchor, `Change @${account.handle}`, items);
  }

  async #do(account, { change, said, ask }, node) {
    const title = PLATFORMS[account.platform]?.title ?? account.platform;
    if (
      ask &&
      !(await confirm({
        title: { text: `Ban @${account.handle}?` },
        text: { type: "plain_text", text: `${title} ends every link of a banned account.` },
        confirm: { text: "Ban it" },
        deny: { text: "Cancel" },
        style: "danger",
      }))
    )
      return false;
    const worked = await attempt(node, () => platforms.change(account.platform, account.handle, change));
    if (worked) this.notices.say(`${title}: @${account.handle} ${said}.`);
    this.shown = "";
    if (worked) this.changed();
    return worked;
  }
}
