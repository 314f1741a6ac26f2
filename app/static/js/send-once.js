/** Long enough for a second press meant as one, short enough for someone who has to try again. */
const PAUSE_MS = 5000;

/**
 * Let a form marked `data-send-once` go out once in a few seconds. The button is never disabled: it would
 * lose the focus, and would stay dead after the back button.
 *
 * @param {ParentNode} within
 */
export function guardAgainstSecondSend(within) {
  for (const form of within.querySelectorAll("form[data-send-once]")) {
    let sentAt = -Infinity;

    form.addEventListener("submit", (event) => {
      const now = performance.now();
      if (now - sentAt < PAUSE_MS) {
        event.preventDefault();
        return;
      }
      sentAt = now;
    });
    window.addEventListener("pageshow", () => {
      sentAt = -Infinity;
    });
  }
}
