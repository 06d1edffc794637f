// A menu whose options the bot is asked for while somebody types; what is chosen stands in chips.

import { $, $$, calm, element, perform } from "./api.js";
import { combobox } from "./combobox.js";

/** Brings a menu of a form to life whose options the bot is asked for. */
export function search(root, platform, form) {
  root.dataset.kept = ""; // from here on, what is chosen is what the page says
  if (root.box) return;
  const input = $("input[role=combobox]", root);
  const label = root.dataset.label;
  root.box = combobox(input, $("[role=listbox]", root), (option) => {
    const chips = $(".chips", root);
    if (root.dataset.many === undefined) chips.replaceChildren();
    if (!$$("input", chips).some((chip) => chip.value === option.label)) chips.append(chip(label, option.label));
    input.value = "";
  });
  const look = calm(150, async () => {
    const typed = input.value;
    if ([...typed].length < Number(root.dataset.least)) return root.box.hide();
    const found = await perform(platform, "search", { form, label, value: typed }).catch((error) => error);
    if (input.value !== typed || document.activeElement !== input) return; // somebody went on meanwhile
    if (found instanceof Error) root.box.say(found.message);
    else if (found.length === 0) root.box.say("Nothing is called that. Type something else.");
    else root.box.show(found.map((name) => ({ label: name })), 0);
  });
  input.addEventListener("input", look);
  if (root.dataset.least === "0") look();
}

const chip = (name, value) => element("li", { class: "chip" }, element("span", {}, value),
  element("input", { type: "hidden", name, value }),
  element("button", { type: "button", "data-act": "remove", "aria-label": `Remove ${value}` }, "×"));
