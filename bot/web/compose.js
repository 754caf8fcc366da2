// The page works without this file. With it, what doesn't matter is folded away, texts are counted as they are
// typed, and a draft is kept as it grows.
"use strict";

const form = document.getElementById("composer");
const field = (name) => form.elements.namedItem(name);
const isOn = (name) => Boolean(field(name)?.checked);
document.documentElement.classList.add("scripted");

const COUNT = {
  "caption.units": (text) => text.length,
  "title.units": (text) => text.length,
  "caption.characters": (text) => [...text].length,
  "caption.hashtags": (text) => (text.match(/(?<![\p{L}\p{N}_&])[#＃](?=[\p{L}\p{N}_]*[\p{L}])[\p{L}\p{N}_]+/gu) ?? []).length,
  "caption.mentions": (text) => (text.match(/(?<![\p{L}\p{N}_.@])@[\p{L}\p{N}_.]*[\p{L}\p{N}_]/gu) ?? []).length,
};

function count(area) {
  for (const each of area.parentElement.querySelectorAll("[data-count]")) {
    const used = (COUNT[each.dataset.count] ?? COUNT["caption.units"])(area.value.trim());
    each.querySelector("b").textContent = used;
    each.classList.toggle("over", used > Number(each.dataset.most));
  }
}

function fold() {
  for (const each of form.querySelectorAll(".when")) each.classList.toggle("timed", field("when").value === "at");
  for (const place of form.querySelectorAll("[data-place]")) {
    place.classList.toggle("on", isOn(`to_${place.dataset.place}`));
    place.classList.toggle("inbox", field("tiktok_how")?.value === "inbox");
  }
  for (const each of form.querySelectorAll(".disclosure")) each.classList.toggle("on", isOn("discloses"));
  const branded = isOn("discloses") && isOn("branded");
  for (const each of form.querySelectorAll(".policy")) each.classList.toggle("on", branded);
  for (const each of form.querySelectorAll(".label")) {
    each.textContent = branded ? each.dataset.branded : isOn("own_brand") ? each.dataset.own : "";
  }
  // One rules the other out: what can't be chosen is switched off, and says why.
  const isPrivate = field("privacy")?.value === "SELF_ONLY";
  const only = field("privacy")?.querySelector?.("option[value=SELF_ONLY]");
  if (only) only.disabled = branded && !isPrivate;
  if (field("branded")) field("branded").disabled = isPrivate && !branded;
  for (const each of form.querySelectorAll("[data-when]")) {
    each.hidden = each.dataset.when === "branded" ? !branded || isPrivate : !isPrivate || branded;
  }
}

const kept = document.getElementById("kept");
let waiting;

async function keep() {
  const sent = new FormData(form);
  sent.set("act", "keep");
  try {
    const answer = await fetch(location.href, { method: "POST", body: new URLSearchParams(sent) });
    kept.textContent = (await answer.json()).told;
  } catch {
    kept.textContent = "Not saved: the connection is gone. What you typed stays on this page.";
  }
}

let line = isOn("discloses") && isOn("branded");

// A yes is to the line that was read: where it names other pages now, it is asked for again.
function ask() {
  const branded = isOn("discloses") && isOn("branded");
  if (branded !== line && field("consents")) field("consents").checked = false;
  line = branded;
}

form.addEventListener("input", (event) => {
  ask();
  if (event.target.matches("textarea")) count(event.target);
  if (event.target.matches("[data-place] textarea") && event.target.value) field(event.target.name.replace("caption", "own")).checked = true;
  fold();
  clearTimeout(waiting);
  waiting = setTimeout(keep, 800);
});
form.addEventListener("submit", (event) => {
  clearTimeout(waiting);
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => delete form.dataset.sent);
if ("tried" in form.dataset) document.querySelector(".wrong")?.scrollIntoView({ block: "center" });
form.querySelectorAll("textarea").forEach(count);
fold();
