// What people do with messages and forms: press, choose, use a shortcut, take a choice back.

import { $, $$, once, perform, tell } from "./api.js";
import { close, noteUsed } from "./dialog.js";
import { refresh } from "./live.js";
import { reset } from "./morph.js";

// act does something on the platform that an element belongs to. What it refuses is said there.
async function act(used, verb, deed) {
  const place = used.closest("dialog, .pane");
  const { platform } = place.dataset;
  if (!place.matches("dialog")) noteUsed(used);
  await once(used, async () => {
    try {
      await perform(platform, verb, deed);
      tell($(".notice", place), "");
    } catch (error) {
      tell($(".notice", place), error.message);
      if (used.matches("select")) reset(used);
    }
    await refresh(platform);
  });
}

const onMessage = (used) => ({ message: used.closest("[data-message]").dataset.message, label: used.dataset.label });

const clicks = {
  press: (used) => act(used, "press", onMessage(used)),
  shortcut: (used) => act(used, "shortcut", onMessage(used)),
  home: (used) => act(used, "home", {}),
  close: (used) => close(used.closest("dialog")),
  remove: (used) => {
    const root = used.closest("[data-act=search]");
    used.closest("li").remove();
    $("input[role=combobox]", root).focus();
  },
};

document.addEventListener("click", (event) => {
  const used = event.target.closest("button[data-act]");
  if (used) clicks[used.dataset.act]?.(used);
  for (const open of $$("details.menu[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});

const chosen = (group) => $$("input:checked", group).map((box) => box.value);

// A menu of one choice is used at once; boxes in a folded menu when it is closed, as on the platforms.
document.addEventListener("change", (event) => {
  const used = event.target.closest("[data-act=choose]");
  if (!used || !used.closest(".message")) return;
  if (used.matches("select")) act(used, "choose", { ...onMessage(used), options: [used.value].filter(Boolean) });
  else if (!used.closest("details")) act(used, "choose", { ...onMessage(used), options: chosen(used) });
  else used.changed = true;
});

document.addEventListener("toggle", (event) => {
  const group = event.target.matches?.("details.menu:not([open])") && $("[data-act=choose]", event.target);
  if (!group?.changed) return;
  group.changed = false;
  act(group, "choose", { ...onMessage(group), options: chosen(group) });
}, { capture: true });

document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && event.target.closest?.("details.menu[open]");
  if (!open) return;
  open.open = false;
  $("summary", open).focus();
  event.preventDefault();
});
