// Times in the reader's own zone and words, as each platform writes them.

let ahead = 0; // milliseconds by which the sandbox's clock is ahead of the real one

/** Notes how far ahead the sandbox's clock is, in milliseconds. */
export function setAhead(milliseconds) {
  ahead = milliseconds;
}

/** The time in the sandbox. */
export const now = () => new Date(Date.now() + ahead);

const format = (options) => (date) => new Intl.DateTimeFormat("en", options).format(date);
const day = format({ dateStyle: "long" });
const shortDay = format({ dateStyle: "medium" });
const longDay = format({ dateStyle: "full" });
const time = format({ timeStyle: "short" });
const exactTime = format({ timeStyle: "medium" });
const numbers = format({ dateStyle: "short" });

function ago(date) {
  const seconds = (date - now()) / 1000;
  const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? units.at(-1);
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

const pretty = (otherwise) => (date) => {
  const midnight = (d) => new Date(d).setHours(0, 0, 0, 0);
  const days = Math.round((midnight(date) - midnight(now())) / 86400000);
  return Math.abs(days) > 1 ? otherwise(date) : new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(days, "day");
};

// https://docs.slack.dev/messaging/formatting-message-text#date-formatting
const slack = {
  date_num: (date) => format({ year: "numeric" })(date) + format({ month: "2-digit", day: "2-digit" })(date).replace(/(\d+)\/(\d+)/, "-$1-$2"),
  date: day, date_short: shortDay, date_long: longDay,
  date_pretty: pretty(day), date_short_pretty: pretty(shortDay), date_long_pretty: pretty(longDay),
  time, time_secs: exactTime, ago,
};

// https://docs.discord.com/developers/reference#message-formatting-timestamp-styles
const discord = {
  t: time, T: exactTime, d: numbers, D: day, R: ago,
  f: (date) => `${day(date)} at ${time(date)}`,
  F: (date) => `${longDay(date)} at ${time(date)}`,
  s: (date) => `${numbers(date)}, ${time(date)}`,
  S: (date) => `${numbers(date)}, ${exactTime(date)}`,
};

function written(date, style) {
  if (style === "clock") return `${format({ weekday: "long", day: "numeric", month: "long" })(now())}, ${time(now())}`;
  if (style.includes("{")) return style.replace(/\{(\w+)\}/g, (token, name) => slack[name]?.(date) ?? token);
  return discord[style]?.(date);
}

/** Writes every time under root in the reader's zone. */
export function localise(root) {
  for (const e of root.querySelectorAll("time[data-style]")) {
    const date = new Date(e.dateTime);
    const words = Number.isNaN(date.getTime()) ? undefined : written(date, e.dataset.style);
    if (words === undefined || e.textContent === words) continue;
    e.textContent = words;
    e.title = `${longDay(date)}, ${exactTime(date)}`;
  }
}
