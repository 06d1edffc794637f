// A field with a list of what can be picked, by the pattern that screen readers know.
// https://www.w3.org/WAI/ARIA/apg/patterns/combobox/

import { element } from "./api.js";

/** Joins an input and its list. pick is called with the option that was picked: {label, about, …}. */
export function combobox(input, list, pick) {
  let options = [];
  let active = -1;

  function mark(i) {
    active = i;
    [...list.children].forEach((item, n) => item.setAttribute("aria-selected", String(n === i)));
    if (i < 0) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    input.setAttribute("aria-activedescendant", list.children[i].id);
    list.children[i].scrollIntoView({ block: "nearest" });
  }

  /** Offers options; the one with the number first is what Enter picks, -1 for none. */
  function show(offered, first = -1) {
    options = offered;
    list.replaceChildren(...options.map(({ label, about }, i) => {
      const item = element("li", { role: "option", id: `${list.id}-${i}`, "aria-selected": "false" }, element("b", {}, label));
      if (about) item.append(" ", element("small", {}, about));
      return item;
    }));
    list.hidden = options.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    mark(list.hidden ? -1 : first);
  }

  const hide = () => show([]);

  /** Says in the list that there is nothing to pick. */
  function say(words) {
    show([]);
    list.replaceChildren(element("li", { role: "option", "aria-disabled": "true" }, words));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  }

  function choose(i) {
    const picked = options[i];
    if (!picked) return;
    hide();
    pick(picked);
  }

  input.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && options.length) mark((Math.max(active, step < 0 ? 0 : -1) + step + options.length) % options.length);
    else if (event.key === "Enter" && (active >= 0 || !options.length)) choose(active); // with nothing to pick it sends no form
    else if (event.key === "Escape") hide();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  input.addEventListener("blur", hide);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the field
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[role=option]");
    if (item) choose([...list.children].indexOf(item));
  });
  return { show, hide, say };
}
