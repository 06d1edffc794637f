// What is behind the chats: Genuin, the policy, the clock, and what can be made to go wrong.

import { $, $$, call, once, part } from "./api.js";
import { fragment, morph } from "./morph.js";
import { keep, refresh } from "./live.js";
import { scrolls, still } from "./still.js";
import { localise, setAhead } from "./times.js";

// happened counts what is listed in a panel.
const happened = (root) => $$("[data-community], .calls > li", root).length;

/** Has a panel follow what the server draws. */
function panel(name) {
  const root = $(`[data-part="${name}"]`);
  keep(name, root.parentElement, async () => {
    const fresh = fragment(await part(name));
    const clock = $("[data-ahead]", fresh);
    if (clock) setAhead(Number(clock.dataset.ahead) / 1e6);
    localise(fresh);
    const [first, before] = [!root.firstElementChild, happened(root)];
    still(document.scrollingElement, () => morph(root, fresh));
    if (!first && happened(root) > before && !root.checkVisibility()) $(`.views [data-view="${name}"] .new`).hidden = false;
    localise(document); // the clock may have been moved
  });
}

// say tells at a form how it went.
function say(form, words, bad = false) {
  const place = form.parentElement.querySelector(`[data-says="${form.dataset.does}"]`);
  place.textContent = words;
  place.classList.toggle("bad", bad);
}

// What each form asks for, with what is said while and after it is done.
const forms = {
  mode: {
    path: "/api/genuin", during: "", after: () => "",
    body: (data) => ({ mode: data.get("mode"), stays: data.get("stays") === "true" }),
  },
  policy: {
    path: "/api/policy", during: "The bot restarts with this policy …", after: () => "The bot runs with this policy. Requests that were made before keep theirs.",
    body: (data) => ({
      required: Number(data.get("required")), approvers: data.getAll("approvers"), channel: data.get("channel"),
      expiry: data.get("expiry").trim(), reminder: data.get("reminder").trim(), self: data.has("self"),
    }),
  },
  clock: {
    path: "/api/clock", during: "", after: (_, used) => `${used.dataset.words} later.`,
    body: (_, used) => ({ forward: used.value }),
  },
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  const does = forms[form.dataset.does];
  if (!does) return;
  event.preventDefault();
  if (!form.reportValidity()) return;
  const used = event.submitter ?? $("button", form);
  once(used, async () => {
    say(form, does.during);
    try {
      await call(does.path, does.body(new FormData(form), used));
      say(form, does.after(form, used));
    } catch (error) {
      say(form, error.message, true);
    }
    await Promise.all([refresh("controls"), refresh("genuin")]);
  });
});

// copy puts the text of an element into the clipboard; where that is not allowed, it selects it.
async function copy(used) {
  const from = document.getElementById(used.dataset.copy);
  const said = $("[data-says=copy]");
  try {
    await navigator.clipboard.writeText(from.textContent);
    said.textContent = "Copied.";
  } catch {
    getSelection().selectAllChildren(from);
    said.textContent = "Selected: copy it with your keyboard.";
  }
}

async function flip(used) {
  const { platform, fault } = used.dataset;
  const said = $(`[data-says="${platform}-faults"]`);
  try {
    await call(`/api/${platform}/fault`, { name: fault, on: used.getAttribute("aria-checked") !== "true" });
    said.textContent = "";
  } catch (error) {
    said.textContent = error.message;
  }
  await refresh("controls");
}

document.addEventListener("click", (event) => {
  const used = event.target.closest("[data-copy], [role=switch][data-fault]");
  if (used) once(used, () => (used.dataset.copy ? copy(used) : flip(used)));
});

// On a narrow screen one part is seen at a time.
function view(name) {
  document.body.dataset.view = name;
  sessionStorage.setItem("view", name); // for whoever comes back from a replay
  for (const button of $$(".views [data-view]")) {
    const here = button.dataset.view === name;
    button.setAttribute("aria-pressed", String(here));
    if (here) $(".new", button).hidden = true;
  }
}

// viewOf shows the part of the page that an address leads into, which may be hidden; the browser then goes there.
function viewOf(hash) {
  const target = document.getElementById(hash.slice(1));
  const part = target?.closest("main > section");
  if (!part) return false;
  view(part.id);
  if (!target.checkVisibility()) $("[data-tab]", part).click(); // the home has no line to type in
  return true;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  if (link) viewOf(link.hash);
});

/** Brings the panels to life. */
export function panels() {
  panel("genuin");
  panel("controls");
  for (const button of $$(".views [data-view]")) button.addEventListener("click", () => view(button.dataset.view));
  scrolls(document.scrollingElement);
  const last = sessionStorage.getItem("view");
  if (!viewOf(location.hash)) view($(`.views [data-view="${last}"]`) ? last : "slack");
  setInterval(() => localise(document), 15_000); // "in 3 hours" goes on
}
