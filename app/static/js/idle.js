/** While someone works on a page, the server is told at most so often. */
const BETWEEN_PINGS_MS = 60_000;
/** While the warning stands, another tab may have kept the session: the server is asked so often. */
const BETWEEN_QUESTIONS_MS = 15_000;
const ACTIVITY = ["keydown", "input", "pointerdown"];
const STAY = ".idle__stay";

let endsAt = Infinity;
let usedAt = -Infinity;
let hasEnded = false;
let isWatching = false;
let timer;

/**
 * Warn before a session ends for want of use. The box marked `data-idle` says how many seconds are left
 * (`data-left`), how long before the end to warn (`data-warn-before`), and whose session it is (`data-who`).
 *
 * Whatever is typed stays: this never leads to another page. Before each warning the server is asked, because
 * another tab may have been used meanwhile.
 *
 * @param {ParentNode} within
 */
export function warnOfIdleEnd(within) {
  const box = within.querySelector("[data-idle]");
  if (!box) return;
  usedAt = Date.now();
  endsAt = usedAt + Number(box.dataset.left) * 1000;
  hasEnded = false;
  askBefore(endsAt);
  if (!isWatching) watch();
  isWatching = true;
}

/** One listener each, for whatever page stands here: answers in place replace its box. */
function watch() {
  for (const type of ACTIVITY) document.addEventListener(type, noteUse, { passive: true });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches(STAY)) return;
    event.preventDefault();
    ask("POST");
  });
  // A page in the background sleeps, and its timers with it.
  document.addEventListener("visibilitychange", lookAgain);
  window.addEventListener("focus", lookAgain);
}

function lookAgain() {
  if (!document.hidden && (hasEnded || Date.now() > endsAt - warnBefore())) ask("GET");
}

/** Typing is use, whatever it is typed into; a press of a key or a pointer is too. */
function noteUse() {
  const pause = Date.now() - usedAt;
  const isWarned = Date.now() > endsAt - warnBefore();
  if (hasEnded || pause < (isWarned ? 1000 : BETWEEN_PINGS_MS)) return;
  usedAt = Date.now();
  ask("POST");
}

/** @param {"GET" | "POST"} method asking alone is no use of the session */
async function ask(method) {
  const form = document.querySelector(STAY);
  if (!form) return;
  const body = method === "POST" ? new FormData(form) : undefined;
  let answer = null;
  try {
    answer = await fetch(form.action, { method, body, redirect: "manual" });
    if (answer.ok) goOn(await answer.json());
  } catch {
    answer = null; // the line is cut: that says nothing of the session
  }
  // Asked to sign in, the answer leads elsewhere, and a page may not see where.
  if (answer?.type === "opaqueredirect") end();
  else if (!answer?.ok) askIn(BETWEEN_QUESTIONS_MS);
}

/** @param {{ left: number, who: string, csrf_token: string }} session */
function goOn({ left, who, csrf_token: token }) {
  if (who !== box().dataset.who) {
    end(); // somebody else signed in: what stands here is not to be sent in that name
    return;
  }
  // After signing in again beside it, this page's forms carry the token of a session that is no more.
  for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = token;
  const isBack = hasEnded;
  hasEnded = false;
  endsAt = Date.now() + left * 1000;
  if (left * 1000 <= warnBefore()) say("warning");
  else say(isBack ? "again" : null);
  askBefore(endsAt);
}

function end() {
  hasEnded = true;
  window.clearTimeout(timer);
  say("ended");
}

/** @param {number} moment at which the session ends: first it is time to warn, then to look whether it was kept */
function askBefore(moment) {
  const left = moment - Date.now();
  const untilWarning = left - warnBefore();
  askIn(untilWarning > 0 ? untilWarning : Math.min(left + 1000, BETWEEN_QUESTIONS_MS));
}

/** @param {number} milliseconds */
function askIn(milliseconds) {
  window.clearTimeout(timer);
  timer = window.setTimeout(() => ask("GET"), Math.max(1000, milliseconds));
}

/** @param {"warning" | "ended" | "again" | null} what */
function say(what) {
  const shown = box();
  const said = shown.querySelector("[role=alert]");
  const words = { warning: "wordsWarning", ended: "wordsEnded", again: "wordsAgain" }[what];
  const text = words ? shown.dataset[words] : "";
  shown.hidden = !text;
  shown.querySelector(STAY).hidden = what !== "warning";
  shown.querySelector(".idle__again").hidden = what !== "ended";
  // Put in again, the same words would be read aloud again.
  if (said.textContent !== text) said.textContent = text;
}

/** @returns {HTMLElement} */
function box() {
  return document.querySelector("[data-idle]");
}

/** @returns {number} how long before the end it is said, in milliseconds */
function warnBefore() {
  return Number(box()?.dataset.warnBefore ?? 0) * 1000;
}
