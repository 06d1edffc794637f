// Where people type: a line that starts with a slash is a command, and the commands are offered; any other is a message.

import { $, calm, once, perform, tell } from "./api.js";
import { combobox } from "./combobox.js";
import { refresh } from "./live.js";
import { noteUsed } from "./dialog.js";

/** Reads a line as Discord's client does: the command, the options in it, and what is typed last. */
export function parse(line, commands) {
  const [, name, space, rest] = /^\/(\S*)(\s*)([^]*)$/.exec(line) ?? [];
  if (name === undefined) return undefined;
  const command = commands.find((c) => c.Name === name);
  if (!space || !command) return { name, command, naming: !space };
  const options = command.Options ?? [];
  const placeOf = (option) => rest.search(new RegExp(`(^|\\s)${option.Name}:`));
  const used = options.filter((o) => placeOf(o) >= 0).sort((a, b) => placeOf(b) - placeOf(a));
  const current = used[0]; // the one that stands last
  const word = /(?:^|\s)(\S*)$/.exec(rest)[1];
  const value = current && rest.slice(rest.lastIndexOf(`${current.Name}:`) + current.Name.length + 1);
  return { name, command, word, current, value, free: options.filter((o) => !used.includes(o)) };
}

/** Brings the composer of a pane to life. */
export function composer(pane) {
  const form = $(".composer", pane.root);
  const input = $("input", form);
  const commands = JSON.parse(pane.root.dataset.commands) ?? [];
  const box = combobox(input, $(".offers", form), (option) => {
    input.value = option.line;
    offer();
  });

  // suggest offers what the bot suggests for the option that is being typed.
  const suggest = calm(150, async (line, { value }) => {
    const found = await perform(pane.platform, "complete", { channel: pane.channel(), line }).catch(() => []); // a hint is not worth words
    if (input.value !== line) return; // somebody typed on meanwhile
    const start = line.slice(0, line.length - value.length);
    box.show(found.filter((label) => label !== value).map((label) => ({ label, line: `${start}${label}` })));
  });

  function offer() {
    const line = input.value;
    suggest.cancel();
    const typed = parse(line, commands);
    if (!typed) return box.hide();
    const { name, command, naming, word = "", current, free = [] } = typed;
    if (naming) {
      const found = command ? [] : commands.filter((c) => c.Name.startsWith(name));
      return box.show(found.map((c) => ({ label: `/${c.Name}`, about: [c.Hint, c.About].filter(Boolean).join(" · "), line: `/${c.Name} ` })), 0);
    }
    const start = line.slice(0, line.length - word.length);
    const named = free.filter((o) => o.Name.startsWith(word)).map((o) => ({ label: `${o.Name}:`, about: o.About, line: `${start}${o.Name}:` }));
    if (!current || (word && named.length)) return box.show(named);
    if (/\s$/.test(line) && typed.value.trim()) return box.show(named);
    box.hide();
    if (current.Suggest) suggest(line, typed);
  }

  async function send() {
    const line = input.value.trim();
    if (!line) return;
    suggest.cancel();
    box.hide();
    const notice = $(".notice", pane.root);
    noteUsed(input);
    try {
      await perform(pane.platform, line.startsWith("/") ? "type" : "write", { channel: pane.channel(), line });
      if (input.value.trim() === line) input.value = "";
      tell(notice, "");
    } catch (error) {
      tell(notice, error.message);
    }
    await refresh(pane.platform);
  }

  input.addEventListener("input", offer);
  input.addEventListener("focus", offer);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    once($("button", form), send);
  });
}
