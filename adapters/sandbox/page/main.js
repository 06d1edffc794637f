// The sandbox's page. The server draws everything that platforms show; the script fetches it and sends what people do.

import { $, $$ } from "./api.js";
import { pane } from "./chat.js";
import { composer } from "./composer.js";
import { start } from "./live.js";
import { panels } from "./panels.js";
import { play } from "./play.js";
import "./deeds.js";

const panes = $$(".pane").map(pane);
panes.forEach(composer);
panels();
start();

// The hint of the first minute, until it is dismissed; the button in the header has it back.
const hint = $("#hint");
const help = $("[data-act=hint]");

function showHint(shown) {
  hint.hidden = !shown;
  help.setAttribute("aria-expanded", String(shown));
}

showHint(sessionStorage.getItem("hint") !== "dismissed");
help.addEventListener("click", () => {
  showHint(hint.hidden);
  if (hint.hidden) sessionStorage.setItem("hint", "dismissed");
  else hint.focus();
});
$(".dismiss", hint).addEventListener("click", () => {
  showHint(false);
  sessionStorage.setItem("hint", "dismissed");
  help.focus();
});

$("[data-act=play]").addEventListener("click", () => play(panes[0]));
if (location.hash === "#play") {
  history.replaceState(null, "", location.pathname + location.search);
  play(panes[0]);
}
