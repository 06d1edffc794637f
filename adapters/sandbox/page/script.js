// The sandbox's page: it draws what /api/state tells, and sends what a person does. It knows no command and no form; all
// that comes from the bot, through the fake platforms. Everything is built with createElement and text nodes, so that
// nothing anybody typed can become markup.

const $ = (selector, root = document) => root.querySelector(selector);

// element("p", {className: "text"}, "words", child) makes an element. Children that are missing are left out.
function element(tag, properties = {}, ...children) {
  const e = Object.assign(document.createElement(tag), properties);
  e.append(...children.filter((child) => child));
  return e;
}

// call asks the API. A refusal is thrown in the words of the platform; when nothing answers, fetch throws a TypeError.
async function call(path, body) {
  const response = await fetch(path, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

const inWords = (error) => (error instanceof TypeError ? "The sandbox did not answer." : error.message);

// --- What there is to see ------------------------------------------------------------------------------------------

const who = () => $("#people input:checked").value;
const stopped = $("#stopped");
let latest = 0; // number of the latest question, because answers may overtake each other
let shown = ""; // the state that is drawn, as text

async function refresh() {
  const question = ++latest;
  let text = "";
  try {
    const response = await fetch(`/api/state?who=${encodeURIComponent(who())}`, { signal: AbortSignal.timeout(5000) });
    if (!response.ok) throw new Error(response.statusText);
    text = await response.text();
  } catch {
    if (question === latest) stopped.hidden = false;
    return;
  }
  if (question !== latest) return;
  stopped.hidden = true;
  if (text === shown) return;
  const state = JSON.parse(text);
  // Another sandbox was started at this address. Its pictures come from elsewhere, which only its own page may load.
  if (state.genuin.url !== document.body.dataset.genuin) return location.reload();
  shown = text;
  draw(state);
}

async function poll() {
  await refresh();
  setTimeout(poll, 1000);
}

function draw(state) {
  for (const pane of document.querySelectorAll(".pane")) {
    const { messages, direct } = state[pane.dataset.platform];
    const scroll = $(".scroll", pane);
    const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 60;
    list($(".channel", pane), messages, pane.dataset.platform);
    list($(".direct .list", pane), direct, pane.dataset.platform);
    $(".direct", pane).hidden = direct.length === 0;
    if (atEnd) scroll.scrollTop = scroll.scrollHeight; // somebody who reads further up is left alone
  }
  $("#communities").replaceChildren(...state.genuin.communities.map((c) =>
    element("li", {}, link(c.share_url, c.name) ?? c.name, element("small", { textContent: ` @${c.handle}` }))));
  for (const button of document.querySelectorAll("#modes button")) {
    button.setAttribute("aria-pressed", button.dataset.mode === state.genuin.next);
  }
}

const drawn = new WeakMap(); // of a message's element: what it was drawn from

// list draws messages. Those that did not change keep their elements, and with them the focus and half-made choices.
function list(container, messages, platform) {
  const left = new Map([...container.children].map((e) => [e.dataset.id, e]));
  messages.forEach(({ thread = [], ...message }, i) => {
    const text = JSON.stringify(message);
    let e = left.get(message.id);
    left.delete(message.id);
    if (!e) {
      e = element("article", {}, element("div"), element("div", { className: "thread list" }));
      e.dataset.id = message.id;
    }
    if (drawn.get(e) !== text) redraw(e.firstChild, bubble(message, platform));
    drawn.set(e, text);
    list(e.lastChild, thread, platform);
    if (container.children[i] !== e) container.insertBefore(e, container.children[i] ?? null);
  });
  left.forEach((e) => e.remove());
}

// redraw puts the new look of a message in place of the old one. Whoever was at a button stays at it.
function redraw(old, fresh) {
  const at = old.contains(document.activeElement) ? document.activeElement.dataset.label : undefined;
  old.replaceWith(fresh);
  if (at !== undefined) [...fresh.querySelectorAll("[data-label]")].find((e) => e.dataset.label === at)?.focus();
}

function bubble(m, platform) {
  const [title, ...lines] = m.text.split("\n");
  const buttons = (m.buttons ?? []).map((label) => labelled(label,
    element("button", { textContent: label, onclick: (event) => act(platform, "press", { message: m.id, label }, event.target) })));
  const b = element("div", { className: m.private ? "bubble private" : "bubble" },
    element("p", { className: "author" }, element("strong", { textContent: m.author }),
      m.private && element("small", { className: "mark", textContent: "Only you can see this" }),
      m.edited && element("small", { textContent: "(edited)" })),
    // A message of several lines is a card: its first line is its title.
    element("p", { className: "text" }, lines.length ? element("strong", { textContent: title }) : title, lines.length && `\n${lines.join("\n")}`),
    ...(m.images ?? []).map((src) => element("img", { src, alt: "Picture of the community" })),
    ...(m.links ?? []).map((url) => link(url, url)),
    ...(m.menus ?? []).map((field) => menu(field, m.id, platform)),
    buttons.length && element("div", { className: "buttons" }, ...buttons));
  if (/^#[0-9a-f]{6}$/i.test(m.color ?? "")) {
    b.classList.add("coloured");
    b.style.borderColor = m.color;
  }
  return b;
}

// labelled marks what can be used on a message by the label that the platform knows it by.
function labelled(label, e) {
  e.dataset.label = label;
  return e;
}

// link makes a link to another page, or nothing when the address is not one of the web.
function link(url, words) {
  return /^https?:\/\//.test(url ?? "") ? element("a", { href: url, target: "_blank", rel: "noopener", textContent: words }) : null;
}

// menu draws a select of a message. One choice is sent at once; several are sent together, with a button.
function menu(field, message, platform) {
  const box = control(field, field.label);
  const choose = (event) => act(platform, "choose", { message, label: field.label, options: box.read() }, event.target);
  if (field.many) box.node.append(labelled(field.label, element("button", { textContent: "Choose", onclick: choose })));
  else labelled(field.label, box.input).addEventListener("change", choose);
  return box.node;
}

// --- Filling in ----------------------------------------------------------------------------------------------------

let counter = 0; // for IDs that tie labels, hints and problems to their inputs

// control draws a field: its node, the input that takes the focus, and read(), the chosen options or the text in a list.
function control({ label, value = "", hint, problem, options, many, long, optional }, name = optional ? `${label} (optional)` : label) {
  const id = `field-${++counter}`;
  const notes = [
    hint && element("p", { className: "hint", id: `${id}-hint`, textContent: hint }),
    problem && element("p", { className: "problem", id: `${id}-problem`, textContent: problem }),
  ].filter(Boolean);
  const described = (e) => {
    if (notes.length) e.setAttribute("aria-describedby", notes.map((note) => note.id).join(" "));
    if (problem) e.setAttribute("aria-invalid", "true");
    return e;
  };
  if (options && many) {
    const picked = chosen(options, value);
    const boxes = options.map((o) => element("input", { type: "checkbox", value: o, checked: picked.has(o) }));
    const group = described(element("fieldset", { className: "field" }, element("legend", { textContent: name }),
      element("div", { className: "boxes" }, ...boxes.map((box) => element("label", {}, box, ` ${box.value}`))), ...notes));
    return { node: group, input: boxes[0], read: () => boxes.filter((box) => box.checked).map((box) => box.value) };
  }
  let input;
  if (options) {
    input = element("select", { id }, (optional || !value) && element("option", { value: "", textContent: "—" }),
      ...options.map((o) => element("option", { value: o, textContent: o })));
    input.value = value;
  } else {
    input = long ? element("textarea", { id, rows: 4, value }) : element("input", { id, value, autocomplete: "off" });
  }
  const node = element("div", { className: "field" }, element("label", { htmlFor: id, textContent: name }), described(input), ...notes);
  return { node, input, read: () => (input.value === "" ? [] : [input.value]) };
}

// chosen returns the options that a value names, separated by commas. A label may hold commas itself: the longest that
// fits is meant.
function chosen(options, value) {
  const found = new Set();
  for (let rest = value.trim(); rest;) {
    const fit = options.filter((o) => rest.startsWith(o) && /^\s*(,|$)/.test(rest.slice(o.length)));
    if (fit.length === 0) break;
    const longest = fit.reduce((a, b) => (b.length > a.length ? b : a));
    found.add(longest);
    rest = rest.slice(longest.length).replace(/^[\s,]+/, "");
  }
  return found;
}

const dialog = $("#dialog");
const dialogForm = $("form", dialog);
let send = async () => {}; // sends the open form

// open shows a form of the bot, or the same form again after it was refused.
function open(platform, person, form) {
  const fields = (form.fields ?? []).map((field) => ({ ...field, ...control(field) }));
  dialog.className = platform;
  $("h2", dialog).textContent = form.title;
  $(".text", dialog).textContent = form.text ?? "";
  $(".fields", dialog).replaceChildren(...fields.map((field) => field.node));
  $("menu .cancel", dialog).textContent = form.submit ? "Cancel" : "Close";
  $("menu .primary", dialog).textContent = form.submit;
  $("menu .primary", dialog).hidden = !form.submit;
  say($("form > .problem", dialog), "");
  send = () => perform(platform, "send", {
    who: person, form: form.id, values: Object.fromEntries(fields.map((field) => [field.label, field.read().join(",")])),
  });
  if (!dialog.open) dialog.showModal();
  (fields.find((field) => field.problem) ?? fields[0])?.input?.focus();
}

dialogForm.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = $(".primary", dialog);
  if (button.hidden) return; // there is nothing to send
  await once(button, async () => {
    try {
      const again = await send();
      if (!again) dialog.close();
    } catch (error) {
      say($("form > .problem", dialog), inWords(error));
    }
  });
});
$(".cancel", dialog).addEventListener("click", () => dialog.close());

// --- What a person does --------------------------------------------------------------------------------------------

// say shows words at a place; "" takes them away.
function say(place, words) {
  place.textContent = words;
}

// perform does something in a chat. It returns whether a form came up, which is then open.
async function perform(platform, verb, deed) {
  try {
    const screen = await call(`/api/${platform}/${verb}`, deed);
    if (screen.form) open(platform, deed.who, screen.form);
    return Boolean(screen.form);
  } finally {
    refresh();
  }
}

// once runs a task unless it runs already. What was used for it looks busy meanwhile, but keeps the focus, which it would
// lose if it were disabled.
async function once(used, task) {
  if (used.hasAttribute("aria-busy")) return;
  used.setAttribute("aria-busy", "true");
  try {
    await task();
  } finally {
    used.removeAttribute("aria-busy");
  }
}

// act does something outside a form, by using a button or a menu; after is called unless the platform refused.
function act(platform, verb, deed, used, after = () => {}) {
  const notice = $(`.pane.${platform} .notice`);
  return once(used, async () => {
    try {
      await perform(platform, verb, { who: who(), ...deed });
      say(notice, "");
      after();
    } catch (error) {
      say(notice, inWords(error));
    }
  });
}

for (const pane of document.querySelectorAll(".pane")) {
  const input = $(".composer input", pane);
  $(".composer", pane).addEventListener("submit", (event) => {
    event.preventDefault();
    const line = input.value.trim();
    if (line) act(pane.dataset.platform, "type", { line }, $(".composer button", pane), () => { input.value = ""; });
  });
}

$("#people").addEventListener("change", () => {
  document.querySelectorAll(".notice").forEach((notice) => say(notice, ""));
  refresh();
});

$("#modes").addEventListener("click", async (event) => {
  const mode = event.target.dataset.mode;
  if (mode === undefined) return;
  try {
    await call("/api/genuin", { mode });
  } catch {
    // The next look at the state says that the sandbox has stopped.
  }
  refresh();
});

poll();
