import { showInPlace } from "./in-place.js";

/**
 * Send a form's answers as the browser would, and wait for the page that answers.
 *
 * @param {string} address
 * @param {FormData} answers
 * @param {(request: XMLHttpRequest) => void} [prepare]
 * @returns {Promise<XMLHttpRequest | null>} none where the line failed, or something other than this site answered
 */
export function send(address, answers, prepare) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.responseType = "document";
    prepare?.(request);
    request.addEventListener("loadend", () => resolve(request.response?.querySelector("main") ? request : null));
    request.send(answers);
  });
}

/**
 * Go to the page that follows, or show the one that came in place of this one.
 *
 * @param {XMLHttpRequest} answer
 * @param {string} address where the form was sent to
 * @param {(within: ParentNode) => void} improve makes the answer ready, as the page was
 * @returns {boolean} whether another page follows
 */
export function goOnOrShow({ status, response, responseURL }, address, improve) {
  const [sentTo, place] = address.split("#");
  if (status < 400 && responseURL !== sentTo) {
    window.location.assign(responseURL);
    return true;
  }
  showInPlace(response, { isError: status >= 400, address: sentTo, place, improve });
  return false;
}
