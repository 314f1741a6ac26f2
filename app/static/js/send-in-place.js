import { proofReady } from "./proof.js";
import { goOnOrShow, send } from "./sending.js";

/** Longer than this, it is said that the answers are on their way. */
const QUIET_MS = 2000;
/** A line that is as good as cut must not keep someone from trying again. */
const PATIENCE_MS = 60_000;

/**
 * Send the forms marked `data-keeps-answers` from the page itself: where the line or the server fails, the page
 * with all its answers stays. Its words for that are in `data-words-sending`, `-offline`, `-online` and `-failed`.
 *
 * @param {ParentNode} within
 * @param {(within: ParentNode) => void} improve makes the answer ready, as the page was
 */
export function sendInPlace(within, improve) {
  for (const form of within.querySelectorAll("form[data-keeps-answers]")) {
    const { wordsSending, wordsOffline, wordsOnline, wordsFailed } = form.dataset;
    const said = placeForWords(form);
    let isSending = false;
    let hasFailed = false;
    const start = (sends) => {
      isSending = sends;
      hasFailed = false;
      said.textContent = "";
    };

    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (isSending) return;
      start(true);
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
        if (!goOnOrShow(answer, address, improve)) start(false);
        return;
      }
      isSending = false;
      hasFailed = true;
      said.textContent = window.navigator.onLine ? wordsFailed : wordsOffline;
      // The button may stand far away, such as in a notice above the form.
      said.scrollIntoView({ block: "nearest" });
    });
    window.addEventListener("online", () => {
      if (hasFailed) said.textContent = wordsOnline;
    });
    window.addEventListener("pageshow", ({ persisted }) => {
      if (persisted) start(false);
    });
  }
}

/**
 * @param {HTMLFormElement} form
 * @returns {HTMLElement} in the page before it says anything: what comes along with its words is not read aloud
 */
function placeForWords(form) {
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  said.className = "sending-words";
  const buttons = form.querySelector(":scope > .actions");
  if (buttons) buttons.before(said);
  else form.append(said);
  return said;
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
 * @param {HTMLButtonElement | null} button
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
  return status < 400 || response.querySelector("form[data-keeps-answers]") !== null;
}
