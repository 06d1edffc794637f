// The form that somebody has open on a platform, in a dialog.

import { $, $$, calm, once, part, perform, tell } from "./api.js";
import { focusOn, fragment, morph } from "./morph.js";
import { refresh } from "./live.js";
import { search } from "./search.js";
import { localise } from "./times.js";

let lastUsed = {}; // what a form may come from, and where the focus returns to

/** Notes what was used last: a form that comes up next comes from it. */
export function noteUsed(used) {
  lastUsed = { used, message: used.closest(".message") };
}

const dialogOf = (platform) => $(`dialog.${platform}`);
const firstField = (root) => $("input:not([type=hidden]), select, textarea", root) ?? $("button[type=submit], [data-act=close]", root);

/** Shows the form that is open now, draws it anew, or puts it away. */
export async function refreshForm(platform) {
  const html = await part(`${platform}/form`);
  const dialog = dialogOf(platform);
  const sheet = $(".sheet", dialog);
  const before = $("form", sheet)?.dataset.form;
  const fresh = fragment(html);
  const form = $("form", fresh);
  if (!form) {
    if (dialog.open) putAway(dialog);
    return;
  }
  localise(fresh);
  const other = form.dataset.form !== before;
  if (other) sheet.replaceChildren(fresh);
  else morph(sheet, fresh);
  dialog.setAttribute("aria-labelledby", $("h2", sheet).id);
  if (!dialog.open) bringUp(dialog);
  if (other) {
    tell($(".notice", dialog), "");
    ($("[aria-invalid=true]", sheet) ?? firstField(sheet))?.focus();
  }
}

// bringUp opens a dialog. While an example plays it is not modal, so that the example can be stopped.
function bringUp(dialog) {
  dialog.opener = lastUsed;
  if (document.body.classList.contains("playing")) dialog.show();
  else dialog.showModal();
}

/** Makes an open dialog modal, once the example that it was opened by is over. */
export function makeModal() {
  for (const dialog of $$("dialog[open]:not(:modal)")) {
    dialog.close();
    dialog.showModal();
  }
}

function putAway(dialog) {
  const { opener } = dialog;
  dialog.close();
  $(".sheet", dialog).replaceChildren();
  document.activeElement.blur(); // it got the focus while it was inert, without the caret: what is typed would be lost
  if (document.body.classList.contains("playing")) return;
  const seen = (e) => e?.isConnected && e.checkVisibility();
  if (seen(opener.used)) opener.used.focus();
  else if (seen(opener.message)) focusOn(opener.message);
  else $(`#${dialog.dataset.platform} .composer input`).focus();
}

/** Returns what is filled in, by the name of the field; several choices are separated by commas. */
export function valuesOf(form) {
  const names = [...$$("[name]", form).map((e) => e.name), ...$$("[data-act=search]", form).map((e) => e.dataset.label)];
  const data = new FormData(form);
  return Object.fromEntries(names.map((name) => [name, data.getAll(name).join(",")]));
}

async function send(dialog, form) {
  const { platform } = dialog.dataset;
  try {
    await perform(platform, "send", { form: form.dataset.form, values: valuesOf(form) });
    tell($(".notice", dialog), "");
    for (const e of $$("[data-kept]", form)) delete e.dataset.kept; // the platform knows it now
  } catch (error) {
    tell($(".notice", dialog), error.message);
  }
  await refresh(platform);
  const wrong = dialog.open && $("[aria-invalid=true]", dialog);
  if (wrong) (wrong.matches("fieldset") ? firstField(wrong) : wrong).focus();
}

/** Closes a form without sending it. */
export async function close(dialog) {
  const form = $("form", dialog);
  try {
    if (form) await perform(dialog.dataset.platform, "close", { form: form.dataset.form });
    await refresh(dialog.dataset.platform);
  } catch (error) {
    tell($(".notice", dialog), error.message);
  }
}

// lead tells the bot what was entered into a field that others follow.
const lead = calm(300, async (dialog, field) => {
  const form = $("form", dialog);
  if (!field.isConnected || !form) return;
  const value = new FormData(form).getAll(field.name).join(",");
  try {
    await perform(dialog.dataset.platform, "enter", { form: form.dataset.form, label: field.name, value });
  } catch (error) {
    tell($(".notice", dialog), error.message);
  }
  await refresh(dialog.dataset.platform);
});

for (const dialog of $$("dialog[data-platform]")) {
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    close(dialog);
  });
  dialog.addEventListener("submit", (event) => {
    event.preventDefault();
    lead.cancel();
    once(event.submitter ?? event.target, () => send(dialog, event.target));
  });
  dialog.addEventListener("focusin", (event) => {
    const root = event.target.closest("[data-act=search]");
    if (root) search(root, dialog.dataset.platform, $("form", dialog).dataset.form);
  });
  dialog.addEventListener("input", (event) => {
    const field = event.target;
    if (field.name && field.closest("[data-act=enter]")) lead(dialog, field);
  });
}
