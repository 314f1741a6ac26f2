/** The list of keys; it stands in the page of whoever wants them, and nowhere else (WCAG 2.1.4). */
const LIST = "dialog[data-shortcuts]";
const ROWS = "[data-shortcut-row]";
/** Where letters and signs are written, or choose something. */
const FIELDS = "input, textarea, select, [contenteditable]";
const SHOWN = { visibilityProperty: true };

/**
 * Show what opens the list of keys. The keys themselves are marked in the page: `data-shortcut="n"` on what is
 * focused or followed, or around a field, and `data-shortcut-row` on the links that `j` and `k` go through.
 *
 * @param {ParentNode} within
 */
export function followShortcuts(within) {
  const list = within.querySelector(LIST);
  if (!list) return;
  for (const place of within.querySelectorAll("[data-shortcuts-open]")) {
    place.hidden = false;
    place.querySelector("button").addEventListener("click", () => list.showModal());
  }
  list.querySelector("[data-shortcuts-close]").addEventListener("click", () => list.close());
}

document.addEventListener("keydown", (event) => {
  const list = document.querySelector(LIST);
  const isTaken = event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey;
  if (!list || list.open || isTaken || event.target.closest?.(FIELDS)) return;
  const key = keyOf(event);
  const acts = key === "j" || key === "k" ? goTo(key === "j" ? 1 : -1) : press(key);
  if (acts) event.preventDefault();
});

/**
 * @param {KeyboardEvent} event
 * @returns {string} the key as lists name it: keyboards of other scripts have the Latin letters in the same places
 */
function keyOf({ key, code, shiftKey }) {
  if (key === "؟") return "?";
  if (shiftKey) return key === "?" || key === "/" ? key : "";
  if (/^[a-z/?]$/i.test(key)) return key.toLowerCase();
  return /^Key[A-Z]$/.test(code) && /^\p{L}$/u.test(key) ? code.slice(3).toLowerCase() : "";
}

/**
 * @param {number} by how many rows further
 * @returns {boolean} whether there is such a row
 */
function goTo(by) {
  const rows = [...document.querySelectorAll(ROWS)];
  const current = rows.findIndex((row) => row.closest("tr, li")?.contains(document.activeElement));
  const next = current < 0 ? rows[by > 0 ? 0 : rows.length - 1] : rows[current + by];
  next?.focus();
  return Boolean(next);
}

/**
 * A link is followed, a field or a button gets the focus: a single key changes nothing that is kept.
 *
 * @param {string} key
 * @returns {boolean} whether something is there for it
 */
function press(key) {
  if (!key) return false;
  const marked = [...document.querySelectorAll(`[data-shortcut="${key}"]`)].find(isShown);
  if (!marked) return false;
  const field = marked.matches(FIELDS) ? marked : marked.querySelector(FIELDS);
  if (!field && (key === "?" || marked.matches("a"))) {
    marked.click();
    return true;
  }
  if (marked.matches("summary")) marked.parentElement.open = true;
  (field ?? marked).focus();
  return true;
}

/** @param {HTMLElement} element */
function isShown(element) {
  return element.checkVisibility?.(SHOWN) ?? element.offsetParent !== null;
}
