// Plays a conversation by itself, so that it can be watched: Ada asks, others agree, the link comes. It uses the page as
// people do; what the approvers do goes the way it would from their own tabs.

import { $, $$, perform, who } from "./api.js";
import { makeModal } from "./dialog.js";

const names = ["Sunday Runners", "Harbour Choir", "Night Bakers", "Tiny Gardens", "Chess in the Park", "Paper Planes", "Rainy Day Films"];
const approvers = ["Ben", "Cleo", "Eve", "Dan"];
const patience = 15_000; // milliseconds, until something is not as expected
const calm = matchMedia("(prefers-reduced-motion: reduce)");

let playing; // its AbortController

class Unexpected extends Error {}

// until waits for something on the page, and returns it.
function until(what, find, signal) {
  return new Promise((resolve, reject) => {
    const watch = new MutationObserver(look);
    const late = setTimeout(() => end(reject, new Unexpected(`This is not as expected: ${what} did not come.`)), patience);
    const stop = () => end(reject, signal.reason);
    function end(how, with_) {
      watch.disconnect();
      clearTimeout(late);
      signal.removeEventListener("abort", stop);
      how(with_);
    }
    function look() {
      const found = find();
      if (found) end(resolve, found);
    }
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop);
    watch.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    look();
  });
}

// pause gives time to read; it waits for nothing else.
const pause = (milliseconds, signal) => new Promise((resolve, reject) => {
  if (signal.aborted) return reject(signal.reason);
  const timer = setTimeout(resolve, milliseconds);
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    reject(signal.reason);
  }, { once: true });
});

async function type(field, words, signal) {
  field.focus();
  field.value = calm.matches ? words : "";
  for (const letter of calm.matches ? "" : words) {
    field.value += letter;
    await pause(18, signal);
  }
}

function look(at) {
  for (const e of $$(".looked-at")) e.classList.remove("looked-at");
  at.classList.add("looked-at");
  at.scrollIntoView({ block: "nearest", behavior: calm.matches ? "auto" : "smooth" });
}

// caption says what happens now, to eyes and to ears.
async function caption(step, words, signal) {
  $("#play .step").textContent = step ? `${step} of 5` : "";
  $("#play .words").textContent = words;
  if (signal) await pause(1400, signal);
}

const cards = (name) => $$(".pane article.message").filter((m) => m.textContent.includes(name));
const votable = (name) => cards(name).find((m) => $("[data-label=Approve]", m));

// ask has Ada ask for a community. It returns when the card is there.
async function ask(pane, name, signal) {
  $(`.views [data-view="${pane.platform}"]`).click(); // where one chat is seen at a time
  pane.show("communities");
  await caption(1, "Ada asks for a community. She types a command, with the name after it.", signal);
  const line = $(".composer input", pane.root);
  await type(line, `/create-community ${name}`, signal);
  await pause(400, signal);
  $(".composer", pane.root).requestSubmit();
  const form = await until("the form", () => $("dialog[open] form", document), signal);
  await caption(2, "The bot answers with a form. Ada says what it is about, and why.", signal);
  for (const [label, words] of [["Description", `A place for everybody in ${name}. #local #friendly`], ["Why", "We meet each week and want to plan it together."]]) {
    const field = $(`[name="${label}"]`, form);
    if (field) await type(field, words, signal);
  }
  await pause(400, signal);
  form.requestSubmit($("[type=submit]", form));
  const wrong = () => $("dialog[open] [aria-invalid=true], dialog[open] .notice:not(:empty)");
  await until("the request's card", () => cards(name).length > 0 || wrong(), signal);
  if (wrong()) throw new Unexpected("This is not as expected: the form was refused. Its fields say why.");
  return cards(name)[0];
}

// agree has people agree until nobody has to any more.
async function agree(name, signal) {
  for (const person of approvers) {
    const card = votable(name);
    if (!card) return;
    look(card);
    await caption(3, `Approvals are needed. ${person} presses Approve, in a tab of their own.`, signal);
    const before = card.textContent;
    const place = card.closest(".pane").dataset.platform;
    await perform(place, "press", { who: person, message: card.dataset.message, label: "Approve" });
    const moved = () => !card.isConnected || card.textContent !== before;
    await until(`${person}'s yes on the card`, moved, AbortSignal.any([signal, AbortSignal.timeout(4000)])).catch((error) => {
      if (signal.aborted) throw error; // else this person is no approver: the next one is asked
    });
  }
  if (votable(name)) throw new Unexpected("This is not as expected: nobody here may approve it. Look at the policy below.");
}

async function story(pane, signal) {
  await until("the page", () => $("#made-title") && $$(".pane .log").every((log) => log.children.length > 0), signal);
  const taken = document.body.textContent;
  const name = names.find((n) => !taken.includes(n)) ?? `${names[0]} ${Date.now() % 10000}`;
  look(await ask(pane, name, signal));
  await until("an Approve button, or the community", () => votable(name) || made(name), signal);
  await agree(name, signal);
  await caption(4, "Everybody agreed. The bot asks Genuin to make the community …", signal);
  const community = await until("the community", () => made(name), signal);
  const link = await until("the link in the thread", () => $$(".pane article.message a").findLast((a) => a.getAttribute("href") === community.dataset.link), signal);
  look(link.closest("article"));
  await caption(5, `${name} exists. Its link is in the thread, and below is what Genuin was sent. Now you: type /create-community, or press Replay on the card to see each payload.`);
}

const made = (name) => $$("#genuin [data-community]").find((c) => c.dataset.community === name);

function finish(words) {
  playing = undefined;
  document.body.classList.remove("playing");
  makeModal();
  if (words) caption(0, words);
  $("#play .stop").textContent = "Close";
}

function close() {
  $("#play").hidden = true;
  for (const e of $$(".looked-at")) e.classList.remove("looked-at");
  const [start, hint] = [$("[data-act=play]"), $("[data-act=hint]")];
  (start.checkVisibility() ? start : hint).focus();
}

/** Plays the example in a pane. It is Ada who asks, so it is her page that it is played on. */
export async function play(pane) {
  if (playing) return;
  if (who !== "Ada") {
    location.assign("/?who=Ada#play");
    return;
  }
  playing = new AbortController();
  document.body.classList.add("playing");
  $("#play").hidden = false;
  $("#play .stop").textContent = "Stop";
  try {
    await story(pane, playing.signal);
    finish();
  } catch (error) {
    finish(error.name === "AbortError" ? "Stopped. What happened so far stays." : error.message);
  }
}

$("#play .stop").addEventListener("click", () => (playing ? playing.abort() : close()));
