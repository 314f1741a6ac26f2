import { listenFor } from "./listening.js";

/** Long enough for a second press meant as one, short enough for someone who has to try again. */
const PAUSE_MS = 5000;
const FORMS = "form[data-send-once]";

/** @type {WeakMap<HTMLFormElement, number>} when each form went out */
const sentAt = new WeakMap();

/**
 * Let a form marked `data-send-once` go out once in a few seconds. The button is never disabled: it would
 * lose the focus, and would stay dead after the back button.
 *
 * @param {ParentNode} within
 */
export function guardAgainstSecondSend(within) {
  for (const form of within.querySelectorAll(FORMS)) {
    form.addEventListener("submit", (event) => {
      const now = performance.now();
      if (now - (sentAt.get(form) ?? -Infinity) < PAUSE_MS) {
        event.preventDefault();
        return;
      }
      sentAt.set(form, now);
    });
  }
}

listenFor(window, "pageshow", FORMS, (form) => sentAt.delete(form));
