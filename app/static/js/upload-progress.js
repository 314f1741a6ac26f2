import { listenFor } from "./listening.js";
import { goOnOrShow, send } from "./sending.js";

const FORMS = "form[data-upload]";

/** @type {WeakMap<HTMLFormElement, { said: HTMLElement, bar: HTMLProgressElement | null }>} a bar while it is sent */
const states = new WeakMap();

/**
 * Show how much of a file has gone out, for forms marked `data-upload`, and keep the form if that fails.
 * Without script the browser sends them by itself.
 *
 * @param {ParentNode} within
 * @param {(within: ParentNode) => void} improve makes the answer ready, as the page was
 */
export function showUploadProgress(within, improve) {
  for (const form of within.querySelectorAll(FORMS)) {
    const said = document.createElement("p");
    // In the page before it says anything: what comes along with its words is not read aloud.
    said.setAttribute("role", "status");
    form.querySelector(".actions").after(said);
    const state = { said, bar: null };
    states.set(form, state);

    form.addEventListener("submit", async (event) => {
      const [file] = form.querySelector('input[type="file"]').files;
      if (!file && !state.bar) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (state.bar) return;

      said.textContent = "";
      const bar = progressBar(form);
      state.bar = bar;
      const answer = await send(form.action, new FormData(form), ({ upload }) => {
        upload.addEventListener("progress", ({ loaded, total }) => {
          bar.max = total;
          bar.value = loaded;
        });
        // Sent whole: what follows is the server's work, and how long that takes is not known.
        upload.addEventListener("load", () => {
          bar.removeAttribute("value");
          said.textContent = form.dataset.uploadSent;
        });
      });
      // Counts as sending until the page that follows has come: pressing again meanwhile sends nothing.
      if (answer && goOnOrShow(answer, form.action, improve)) return;
      stop(form, answer ? "" : form.dataset.uploadFailed);
    });
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {string} words
 */
function stop(form, words) {
  const state = states.get(form);
  // A form in a preview is only shown.
  if (!state) return;
  state.bar?.remove();
  state.bar = null;
  state.said.textContent = words;
}

/**
 * @param {HTMLFormElement} form
 * @returns {HTMLProgressElement}
 */
function progressBar(form) {
  const bar = document.createElement("progress");
  bar.className = "upload-progress";
  bar.setAttribute("aria-label", form.querySelector('label[for="file"], label[for="document"]').textContent.trim());
  form.querySelector(".actions").append(bar);
  return bar;
}

listenFor(window, "pageshow", FORMS, (form, { persisted }) => {
  if (persisted) stop(form, "");
});
