import { listenFor } from "./listening.js";

const PARTS = "[data-shown-when]";

/**
 * Show a part of a form only while a radio has one of the answers it names, such as
 * `data-shown-when="filling_in=relative|professional"`. A part with an error in it is always shown.
 *
 * @param {ParentNode} within
 */
export function followShownWhen(within) {
  within.querySelectorAll(PARTS).forEach(update);
}

/** @param {HTMLElement} part */
function update(part) {
  const [name, answers] = part.dataset.shownWhen.split("=");
  const chosen = document.querySelector(`input[type="radio"][name="${CSS.escape(name)}"]:checked`);
  const hasError = part.querySelector(".govuk-error-message") !== null;
  part.hidden = !hasError && !(chosen && answers.split("|").includes(chosen.value));
}

listenFor(document, "change", PARTS, update);
// Going back restores the answers only after the page has loaded.
listenFor(window, "pageshow", PARTS, update);
