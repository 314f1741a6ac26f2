import { focusAnswer } from "./focus-answer.js";

/**
 * Show how much of a file has gone out, for forms marked `data-upload`. Without script the browser sends
 * them by itself.
 *
 * @param {Document} page
 */
export function showUploadProgress(page) {
  for (const form of page.querySelectorAll("form[data-upload]")) {
    form.addEventListener("submit", (event) => {
      const [file] = form.querySelector('input[type="file"]')?.files ?? [];
      if (!file || event.defaultPrevented) return;
      event.preventDefault();
      send(page, form);
    });
  }
}

/**
 * @param {Document} page
 * @param {HTMLFormElement} form
 */
function send(page, form) {
  const bar = progressBar(page, form);
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.responseType = "document";
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    bar.max = total;
    bar.value = loaded;
  });
  // Sent whole: what follows is the server's work, and how long that takes is not known.
  request.upload.addEventListener("load", () => bar.removeAttribute("value"));
  request.addEventListener("load", () => {
    if (request.status < 400 && request.responseURL !== form.action) {
      page.location.assign(request.responseURL);
      return;
    }
    page.querySelector("main").replaceWith(request.response.querySelector("main"));
    page.title = request.response.title;
    showUploadProgress(page);
    focusAnswer(page);
  });
  // Offline: the browser's own way of sending says so, and keeps the page.
  request.addEventListener("error", () => form.submit());
  request.send(new FormData(form));
}

/**
 * @param {Document} page
 * @param {HTMLFormElement} form
 * @returns {HTMLProgressElement}
 */
function progressBar(page, form) {
  const bar = page.createElement("progress");
  bar.className = "upload-progress";
  bar.setAttribute("aria-label", form.querySelector('label[for="file"], label[for="document"]').textContent.trim());
  form.querySelector(".actions").append(bar);
  return bar;
}
