// Keeps the page as the sandbox is: one server-sent event says which part has changed, and that part is fetched again.

import { $, Gone, latest, tell } from "./api.js";

const refreshers = new Map();
const news = "BroadcastChannel" in window ? new BroadcastChannel("communitybot-sandbox") : undefined;

/** Says how a part of the page, which is under root, is fetched again. */
export function keep(name, root, fetchAgain) {
  refreshers.set(name, latest(async () => {
    try {
      await fetchAgain();
    } catch (error) {
      if (!(error instanceof Gone)) tell($(".notice", root), error.message); // else the banner says it
    }
  }));
}

/** Fetches a part of the page again. */
export const refresh = (name) => refreshers.get(name)?.();

function heard(word) {
  if (word === "lost" || word === "found") $("#stopped").hidden = word === "found";
  else refresh(word);
}

function pass(word) {
  news?.postMessage(word);
  heard(word);
}

// listen hears the events, and asks for them anew whenever the sandbox was away: then everything has changed.
function listen() {
  const events = new EventSource("/events");
  events.addEventListener("open", () => pass("found"));
  for (const name of refreshers.keys()) events.addEventListener(name, () => pass(name));
  events.addEventListener("error", () => {
    pass("lost");
    if (events.readyState !== EventSource.CLOSED) return; // it tries again by itself
    setTimeout(listen, 2000);
  });
}

/**
 * Fetches everything, and again whatever changes. One tab of the browser listens for all of them, because a browser opens
 * six connections to a place at most, and each listener holds one: with a tab per person there would be none left.
 */
export function start() {
  for (const name of refreshers.keys()) refresh(name);
  if (!news || !navigator.locks) {
    listen();
    return;
  }
  news.addEventListener("message", (event) => heard(event.data));
  navigator.locks.request("communitybot-sandbox-events", () => new Promise(listen)); // held until the tab is closed
}
