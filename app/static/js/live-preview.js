/** Long enough not to ask at every letter. */
const PAUSE_MS = 600;

/**
 * Show in `#preview` what the texts of a form marked `data-preview` would look like, as they are typed.
 * Without script the form's own button does the same.
 *
 * @param {ParentNode} within
 */
export function followLivePreview(within) {
  const form = within.querySelector("form[data-preview]");
  const place = within.querySelector("#preview");
  if (!form || !place) return;
  let waiting;
  let latest = 0;

  const update = async () => {
    const turn = ++latest;
    try {
      const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form) });
      // An answer that was overtaken, or a page that asks to sign in, must not replace the preview.
      if (!answer.ok || answer.redirected || turn !== latest) return;
      const made = new DOMParser().parseFromString(await answer.text(), "text/html");
      place.replaceChildren(...made.querySelector("main").childNodes);
    } catch {
      // Offline: the preview stays as it was, and so does everything typed.
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(update, PAUSE_MS);
  });
}
