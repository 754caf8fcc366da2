// Puts the page together: one store, and parts that draw what it holds.

import { listen } from "./api.js";
import { Clock } from "./clock.js";
import { acceptDrops, Composer } from "./composer.js";
import { h, replace } from "./dom.js";
import { Drawers } from "./drawers.js";
import { appMark, iconButton } from "./icons.js";
import { Modal } from "./modal.js";
import { Notices } from "./notices.js";
import { People } from "./people.js";
import { Place } from "./place.js";
import { Sidebar } from "./sidebar.js";
import { Store } from "./store.js";
import { Thread } from "./thread.js";
import { Weather } from "./weather.js";

const part = (id) => document.getElementById(id);

const store = new Store();
const notices = new Notices(part("notices"));
const drawers = new Drawers(
  { sidebar: part("sidebar"), thread: part("thread"), weather: part("weather") },
  part("backdrop"),
);
const composer = new Composer(part("composer"), store, { id: "composer-text" });
const clock = new Clock(notices, () => store.refreshSoon());
const weather = new Weather(part("weather"), { store, notices, drawers });
const parts = [
  new People(part("people"), part("eyes"), store),
  new Sidebar(part("sidebar"), store, drawers),
  new Place({
    head: part("place-head"),
    body: part("place"),
    announcer: part("announcer"),
    store,
    compose: (text) => composer.write(text),
  }),
  composer,
  new Thread(part("thread"), store, drawers),
  new Modal(store, notices),
];

/** The address keeps who looks at what, so that a reload or a second tab shows the same. */
function remember({ user, place }) {
  if (user && place) history.replaceState(null, "", `#${user}/${place}`);
}

function recall(address = location.href) {
  const [user, place] = new URL(address).hash.slice(1).split("/");
  return store.recall({ user: user || null, place: place || null });
}

let told = { words: null, takeAway: null };

/** Says a trouble of the page itself once, and takes it away when it is over. */
function tellProblem({ problem, connected }) {
  const words = problem ?? (connected ? null : "The sandbox is out of reach. This page tries again by itself.");
  if (words === told.words) return;
  told.takeAway?.();
  told = { words, takeAway: words ? notices.refuse(words) : null };
}

function dress() {
  replace(
    part("brand"),
    iconButton("menu", "Channels", (event) => drawers.toggle("sidebar", event.currentTarget), {
      class: "icon-button only-narrow",
      "aria-expanded": "false",
      "aria-controls": "sidebar",
    }),
    h(
      "span",
      { class: "brand" },
      appMark(),
      h("span", { class: "brand-words" }, "Crosslink ", h("small", {}, "sandbox")),
    ),
  );
  replace(part("tools"), clock.node, weather.toggle);
}

async function begin() {
  dress();
  acceptDrops(part("main"), composer);
  store.subscribe((state) => parts.forEach((one) => one.render(state)));
  store.subscribe(remember);
  store.subscribe(tellProblem);
  // The event's own address: news that is drawn meanwhile writes the former one back.
  addEventListener("hashchange", (event) => recall(event.newURL));
  await Promise.all([recall(), clock.read().catch((failure) => notices.refuse(failure.message))]);
  let open = true;
  listen(
    (event) => {
      weather.refresh();
      if (event.kind === "clock") clock.read();
      store.refreshSoon();
    },
    (connected) => {
      store.setConnected(connected);
      if (connected && !open) store.refreshSoon();
      open = connected;
    },
  );
}

begin();
