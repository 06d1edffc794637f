// Keeps what somebody is about to press where it is, while what is around it is drawn anew: else the press lands on what
// came to that place, or nowhere.

const pressable = "a, button, select, input, label, summary";
const scrollers = new Map(); // what to call once nothing under them is aimed at

let aim; // what the pointer was moved to
let done; // what was pressed last: whoever stays there waits for what comes of it
let place = ""; // where the pointer was; a browser says that it moved when only the page did

function aimAt(next) {
  if (aim === next) return;
  aim = next;
  requestAnimationFrame(() => scrollers.forEach((act, root) => {
    if (aimed(root)) return;
    root.style.paddingBottom = "";
    act();
  }));
}

document.addEventListener("pointermove", ({ target, screenX, screenY }) => {
  if (place === `${screenX} ${screenY}`) return;
  place = `${screenX} ${screenY}`;
  const on = target.closest(pressable);
  if (on !== done) done = undefined;
  aimAt(on === done ? undefined : on);
}, { capture: true, passive: true });
document.addEventListener("pointerdown", ({ target }) => aimAt(target.closest(pressable)), { capture: true, passive: true });
document.addEventListener("click", ({ target }) => {
  done = target.closest(pressable);
  aimAt(undefined);
}, { capture: true });
for (const gone of ["pointercancel", "wheel"]) document.addEventListener(gone, () => aimAt(undefined), { capture: true, passive: true });
document.documentElement.addEventListener("pointerleave", () => aimAt(undefined));

/** Says whether somebody is about to press something under root. */
export const aimed = (root) => Boolean(aim?.isConnected && root.contains(aim));

/** Has something drawn anew under root, which scrolls. What somebody is about to press stays under the pointer. */
export function still(root, draw) {
  const held = aimed(root) && aim;
  const before = held && held.getBoundingClientRect().top;
  draw();
  const moved = held?.isConnected ? held.getBoundingClientRect().top - before : 0;
  if (!moved) return;
  const scrolled = root.scrollTop + moved;
  makeRoom(root, scrolled);
  root.scrollTop = scrolled;
}

// makeRoom lets root scroll as far as that, by room below what is in it, until nothing is aimed at.
function makeRoom(root, scrolled) {
  const { clientHeight: seen } = root;
  root.style.paddingBottom = "";
  const own = parseFloat(getComputedStyle(root).paddingBottom);
  root.style.paddingBottom = `${own + seen}px`; // so that it scrolls, whatever is in it
  const lacks = scrolled + 2 * seen - root.scrollHeight;
  root.style.paddingBottom = lacks > 0 ? `${own + Math.ceil(lacks)}px` : "";
}

/** Notes a root for still, and calls act whenever somebody was about to press something, and is not any more. */
export function scrolls(root, act = () => {}) {
  scrollers.set(root, act);
}
