// A chat: its tabs, what is written in them, and who hears of what is new.

import { $, $$, part, perform, tell } from "./api.js";
import { fragment, keepFocus, morph } from "./morph.js";
import { keep, refresh } from "./live.js";
import { localise } from "./times.js";
import { refreshForm } from "./dialog.js";
import { aimed, scrolls, still } from "./still.js";

const title = document.title;

/** Has something read out by screen readers, once. */
export function announce(words) {
  const line = document.createElement("p");
  line.textContent = words;
  const said = $("#said");
  said.append(line);
  while (said.children.length > 5) said.firstChild.remove();
}

/** The messages under a root that are written: "… is thinking" is none yet. */
const written = (root) => $$("article.message", root).filter((m) => !$(":scope > .body > .thinking", m));

// wordsOf returns what a message says, without what stands under it and what can be pressed.
function wordsOf(message) {
  const copy = message.cloneNode(true);
  for (const e of $$(".thread, .replies, .badge, [aria-hidden], button, select, details, time, svg", copy)) e.remove();
  const lines = [];
  const texts = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) lines.push(texts.currentNode.data.trim());
  const words = [...lines.filter(Boolean).join(" ").replace(/\s+/g, " ").replace(/ ([.,:;!?])/g, "$1")];
  return words.length > 300 ? `${words.slice(0, 299).join("")}…` : words.join("");
}

/** Brings a pane to life, and returns what others need of it. */
export function pane(root) {
  const platform = root.dataset.platform;
  const tabs = $$("[data-tab]", root).map((button) => ({
    button, name: button.dataset.tab, log: $(`#${platform}-in-${button.dataset.tab}`), html: undefined,
    atEnd: button.dataset.tab !== "home", // which is read from its top
  }));
  let shown = tabs[0];

  function show(tab) {
    shown = tab;
    for (const t of tabs) {
      t.log.hidden = t !== tab;
      t.button.setAttribute("aria-current", String(t === tab));
    }
    $(".new", tab.button).hidden = true;
    tell($(".notice", root), "");
    $(".composer", root).hidden = tab.name === "home";
    if (tab.name === "home") openHome();
  }

  // toEnd goes on to the newest message for whoever was at the end, unless that takes away what they are about to press.
  function toEnd(tab) {
    if (tab.atEnd && !aimed(tab.log)) tab.log.scrollTop = tab.log.scrollHeight;
  }

  // follow notes whether somebody is at the end. Where the script scrolled to says nothing about that.
  function follow(tab) {
    const { scrollTop, clientHeight, scrollHeight } = tab.log;
    if (tab.log.hidden || tab.name === "home" || scrollTop === tab.heldAt) return;
    tab.atEnd = scrollTop + clientHeight >= scrollHeight - 40;
  }

  const openHome = () => perform(platform, "home", {}).then(() => refresh(platform)).catch((error) => tell($(".notice", root), error.message));

  async function fetchTab(tab) {
    const html = await part(platform, { channel: tab.name });
    if (html === tab.html) return;
    const fresh = fragment(html);
    localise(fresh);
    const known = new Set(written(tab.log).map((m) => m.id));
    still(tab.log, () => keepFocus(tab.log, () => morph(tab.log, fresh)));
    tab.heldAt = aimed(tab.log) && tab.log.scrollTop;
    const added = tab.html === undefined || tab.name === "home" ? [] : written(tab.log).filter((m) => !known.has(m.id));
    tab.html = html;
    toEnd(tab);
    if (added.length) news(tab, added);
  }

  function news(tab, added) {
    for (const message of added) announce(`${root.dataset.title}, ${tab.button.dataset.title}: ${wordsOf(message)}`);
    if (tab !== shown) $(".new", tab.button).hidden = false;
    if (!root.checkVisibility()) $(`.views [data-view="${platform}"] .new`).hidden = false;
    if (document.hidden) document.title = `● ${title}`;
  }

  for (const tab of tabs) {
    tab.button.addEventListener("click", () => show(tab));
    tab.log.addEventListener("scroll", () => follow(tab), { passive: true });
    scrolls(tab.log, () => toEnd(tab));
    tab.log.addEventListener("load", () => toEnd(tab), { capture: true }); // a picture came, and took its room
    new ResizeObserver(() => toEnd(tab)).observe(tab.log);
  }
  keep(platform, root, () => Promise.all([...tabs.map(fetchTab), refreshForm(platform)]));
  show(shown);
  return { root, platform, channel: () => shown.name, show: (name) => show(tabs.find((t) => t.name === name)) };
}

document.addEventListener("visibilitychange", () => {
  document.title = title;
});
