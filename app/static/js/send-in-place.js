import { listenFor } from "./listening.js";
import { proofReady } from "./proof.js";
import { goOnOrShow, send } from "./sending.js";
import { placeForWords } from "./words.js";

const FORMS = "form[data-keeps-answers]";
/** Longer than this, it is said that the answers are on their way. */
const QUIET_MS = 2000;
/** A line that is as good as cut must not keep someone from trying again. */
const PATIENCE_MS = 60_000;

/** @type {WeakMap<HTMLFormElement, { said: HTMLElement, isSending: boolean, hasFailed: boolean }>} */
const states = new WeakMap();

/**
 * Send the forms marked `data-keeps-answers` from the page itself: where the line or the server fails, the page
 * with all its answers stays. Its words for that are in `data-words-sending`, `-offline`, `-online` and `-failed`.
 *
 * @param {ParentNode} within
 * @param {(within: ParentNode) => void} improve makes the answer ready, as the page was
 */
export function sendInPlace(within, improve) {
  for (const form of within.querySelectorAll(FORMS)) {
    const { wordsSending, wordsOffline, wordsFailed } = form.dataset;
    const state = { said: placeForWords(form, "sending-words"), isSending: false, hasFailed: false };
    const { said } = state;
    states.set(form, state);

    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (state.isSending) return;
      start(state, true);
      const address = addressOf(form, event.submitter);
      await proofReady(form);
      const late = setTimeout(() => {
        said.textContent = wordsSending;
      }, QUIET_MS);
      const answer = await send(address, answersOf(form, event.submitter), (request) => {
        request.timeout = PATIENCE_MS;
      });
      clearTimeout(late);

      if (answer && keepsAnswers(answer)) {
        // Counts as sending until the page that follows has come: pressing again meanwhile sends nothing.
        if (!goOnOrShow(answer, address, improve)) start(state, false);
        return;
      }
      state.isSending = false;
      state.hasFailed = true;
      said.textContent = window.navigator.onLine ? wordsFailed : wordsOffline;
      // The button may stand far away, such as in a notice above the form.
      said.scrollIntoView({ block: "nearest" });
    });
  }
}

/**
 * @param {{ said: HTMLElement, isSending: boolean, hasFailed: boolean }} state
 * @param {boolean} sends
 */
function start(state, sends) {
  Object.assign(state, { isSending: sends, hasFailed: false });
  state.said.textContent = "";
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLButtonElement | null} button
 * @returns {string} not by the form's property, which a button named "action" takes
 */
function addressOf(form, button) {
  const given = button?.getAttribute("formaction") ?? form.getAttribute("action") ?? "";
  return new URL(given, document.baseURI).href;
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLButtonElement | null} button what was pressed: it may stand outside the form
 */
function answersOf(form, button) {
  const answers = new FormData(form);
  if (button?.name) answers.append(button.name, button.value);
  return answers;
}

/**
 * @param {XMLHttpRequest} answer
 * @returns {boolean} false for a page of an error that has no form to go on with
 */
function keepsAnswers({ status, response }) {
  return status < 400 || response.querySelector(FORMS) !== null;
}

listenFor(window, "online", FORMS, (form) => {
  const state = states.get(form);
  if (state?.hasFailed) state.said.textContent = form.dataset.wordsOnline;
});
listenFor(window, "pageshow", FORMS, (form, { persisted }) => {
  const state = states.get(form);
  if (persisted && state) start(state, false);
});
