// Reconciling: what the server draws anew goes into the page, and whatever a person holds stays: the focus, what is typed,
// what is chosen, what is open. Elements are the same when their id is, and those that do something when their label is, so
// that no button becomes another under a press; without both, when they are of a kind and in order.

/** Parses HTML that the server drew. */
export function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

/** Makes the children of old what those of fresh are. An element with data-kept is left alone: the script has it. */
export function morph(old, fresh) {
  const left = [...old.childNodes];
  const pairs = [...fresh.childNodes].map((node) => [take(left, node), node]);
  for (const node of left) node.remove(); // first, so that nothing which stays has to be moved: that would lose the focus
  let at = old.firstChild;
  for (const [same, node] of pairs) {
    if (same === undefined) {
      old.insertBefore(node, at);
      continue;
    }
    if (same === at) at = at.nextSibling;
    else old.insertBefore(same, at);
    morphNode(same, node);
  }
}

/** Has something draw anew what is under root. The focus, if it was on something that is gone, goes to the message. */
export function keepFocus(root, draw) {
  const at = root.contains(document.activeElement) ? document.activeElement : undefined;
  const message = at?.closest(".message");
  draw();
  if (at && !at.isConnected) focusOn(message?.isConnected ? message : root);
}

/** Focuses something that is no control. */
export function focusOn(place) {
  if (!place.hasAttribute("tabindex")) place.setAttribute("tabindex", "-1");
  place.focus({ preventScroll: true });
}

// take finds what a fresh node is the same as, and takes it off the list.
function take(left, node) {
  const i = left.findIndex((old) => old.nodeName === node.nodeName && idOf(old) === idOf(node));
  return i < 0 ? undefined : left.splice(i, 1)[0];
}

// A form's own id property may be a field of that name.
const idOf = (node) => node.getAttribute?.("id") ?? node.dataset?.label ?? "";

function morphNode(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  if (old.dataset.kept !== undefined) return;
  const restore = hold(old);
  morphAttributes(old, fresh);
  morph(old, fresh);
  restore();
}

function morphAttributes(old, fresh) {
  const mine = (name) => (name === "open" && old.nodeName === "DETAILS") || name === "aria-busy" || (name === "tabindex" && old === document.activeElement);
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !mine(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value && !mine(name)) old.setAttribute(name, value);
  }
}

// hold notes what a person did to a control, and returns what puts that back after the control was drawn anew. One that
// nobody touched follows the server.
function hold(control) {
  switch (control.nodeName) {
    case "TEXTAREA":
      return holdText(control);
    case "INPUT":
      return ["checkbox", "radio"].includes(control.type) ? holdTick(control) : holdText(control);
    case "SELECT":
      return holdSelect(control);
    default:
      return () => {};
  }
}

function holdText(control) {
  const { value, defaultValue } = control;
  return () => {
    const now = value === defaultValue ? control.defaultValue : value;
    if (control.value !== now) control.value = now; // setting the same would move the caret
  };
}

function holdTick(control) {
  const { checked, defaultChecked } = control;
  return () => {
    control.checked = checked === defaultChecked ? control.defaultChecked : checked;
  };
}

function holdSelect(control) {
  const touched = isTouched(control);
  const values = [...control.selectedOptions].map((option) => option.value);
  return () => {
    if (!touched || !values.every((value) => [...control.options].some((option) => option.value === value))) {
      reset(control);
      return;
    }
    for (const option of control.options) option.selected = values.includes(option.value);
  };
}

function isTouched(select) {
  const first = firstOf(select);
  return [...select.options].some((option) => option.selected !== (option === first || option.defaultSelected));
}

// firstOf is what a select shows when none of its options is selected by itself.
function firstOf(select) {
  const options = [...select.options];
  if (select.multiple || options.some((option) => option.defaultSelected)) return undefined;
  return options.find((option) => !option.disabled);
}

/** Has a select show what the server says. */
export function reset(select) {
  const first = firstOf(select);
  for (const option of select.options) option.selected = option === first || option.defaultSelected;
}
