import { goOnOrShow, send } from "./sending.js";

/**
 * Show how much of a file has gone out, for forms marked `data-upload`, and keep the form if that fails.
 * Without script the browser sends them by itself.
 *
 * @param {ParentNode} within
 * @param {(within: ParentNode) => void} improve makes the answer ready, as the page was
 */
export function showUploadProgress(within, improve) {
  for (const form of within.querySelectorAll("form[data-upload]")) {
    const said = document.createElement("p");
    // In the page before it says anything: what comes along with its words is not read aloud.
    said.setAttribute("role", "status");
    form.querySelector(".actions").after(said);
    let isSending = false;

    form.addEventListener("submit", async (event) => {
      const [file] = form.querySelector('input[type="file"]').files;
      if (!file && !isSending) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (isSending) return;

      isSending = true;
      said.textContent = "";
      const bar = progressBar(form);
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
      if (answer) {
        // Counts as sending until the next page has come: pressing again meanwhile sends nothing.
        goOnOrShow(answer, form.action, improve);
        return;
      }
      bar.remove();
      said.textContent = form.dataset.uploadFailed;
      isSending = false;
    });
    window.addEventListener("pageshow", ({ persisted }) => {
      if (!persisted) return;
      form.querySelector(".upload-progress")?.remove();
      said.textContent = "";
      isSending = false;
    });
  }
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
