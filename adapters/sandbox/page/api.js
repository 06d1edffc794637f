// What every module needs: finding elements, and talking to the sandbox.

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

/** Who looks at this page. Each browser tab is one person. */
export const who = document.body.dataset.who;

/** The sandbox does not answer. */
export class Gone extends Error {
  constructor() {
    super("The sandbox does not answer. Start it again: go run . sandbox");
  }
}

async function ask(path, request) {
  try {
    return await fetch(path, request);
  } catch {
    throw new Gone();
  }
}

// refusal is what the sandbox said instead of doing what it was asked.
async function refusal(answer) {
  const { error } = await answer.json().catch(() => ({}));
  return error ? new Error(error) : new Gone();
}

/** Posts JSON. What is refused throws an error with the words for people. */
export async function call(path, body) {
  const answer = await ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  if (!answer.ok) throw await refusal(answer);
  return answer.json();
}

/** Does something in a chat, as whoever looks unless the deed says who. */
export const perform = (platform, verb, deed) => call(`/api/${platform}/${verb}`, { who, ...deed });

/** Fetches a part of the page as HTML; "" when there is nothing to show. */
export async function part(name, query = {}) {
  const answer = await ask(`/part/${name}?${new URLSearchParams({ who, ...query })}`);
  if (!answer.ok) throw await refusal(answer);
  return answer.text();
}

/** Makes an element. Words become text, never markup. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== undefined) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

/** Shows words at a place that is read out, with a way to put them away; "" takes them away. */
export function tell(place, words) {
  if (!words) {
    place.replaceChildren();
    return;
  }
  const dismiss = element("button", { type: "button", class: "dismiss", "aria-label": "Dismiss" }, "×");
  dismiss.addEventListener("click", () => {
    place.replaceChildren();
    $(".composer input", place.parentElement)?.focus();
  });
  place.replaceChildren(element("span", {}, words), dismiss);
}

/** Runs a task unless it runs already. What was used for it looks busy but keeps the focus, which disabling would take. */
export async function once(used, task) {
  if (used.getAttribute("aria-busy") === "true") return;
  used.setAttribute("aria-busy", "true");
  try {
    await task();
  } finally {
    used.removeAttribute("aria-busy");
  }
}

/** Makes a task that never runs twice at a time: asked for while it runs, it runs once more afterwards. */
export function latest(task) {
  let running;
  let again = false;
  return () => {
    again = true;
    running ??= (async () => {
      try {
        while (again) {
          again = false;
          await task();
        }
      } finally {
        running = undefined;
      }
    })();
    return running;
  };
}

/** Makes a function that acts once it has not been called for some milliseconds. */
export function calm(milliseconds, act) {
  let timer;
  const soon = (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...given), milliseconds);
  };
  soon.cancel = () => clearTimeout(timer);
  return soon;
}
