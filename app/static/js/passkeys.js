import { placeForWords } from "./words.js";

/**
 * Show the forms marked `data-passkey`, which only script can fill in: at their button the browser is asked for a
 * passkey ("get") or to make one ("create"), with what stands in `data-options`, and the form is sent with the answer.
 * Their words are in `data-words-waiting` and `data-words-failed`.
 *
 * @param {ParentNode} within
 */
export function askPasskeys(within) {
  if (!window.PublicKeyCredential) return;
  for (const form of within.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    const said = placeForWords(form, "sending-words");
    let isWaiting = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (isWaiting) return;
      isWaiting = true;
      said.textContent = form.dataset.wordsWaiting;
      try {
        form.elements.credential.value = JSON.stringify(await answerTo(form.dataset));
        // Not by the form's method, which an element named "submit" takes.
        HTMLFormElement.prototype.submit.call(form);
      } catch {
        // Refused, timed out, or no passkey at hand: browsers do not tell pages which.
        said.textContent = form.dataset.wordsFailed;
      }
      isWaiting = false;
    });
  }
}

/**
 * @param {{ passkey: string, options: string }} asked
 * @returns {Promise<object>} what the browser answers, as the server reads it (Web Authentication, 5.1.8)
 */
async function answerTo({ passkey, options }) {
  const publicKey = bytesIn(JSON.parse(options));
  const { id, rawId, type, response } = await navigator.credentials[passkey]({ publicKey });
  const answer = { clientDataJSON: text(response.clientDataJSON) };
  if (passkey === "create") {
    answer.attestationObject = text(response.attestationObject);
    answer.transports = response.getTransports?.() ?? [];
  } else {
    answer.authenticatorData = text(response.authenticatorData);
    answer.signature = text(response.signature);
    answer.userHandle = response.userHandle && text(response.userHandle);
  }
  return { id, rawId: text(rawId), type, response: answer };
}

/**
 * @param {object} options as JSON has them
 * @returns {object} the same with bytes where browsers want bytes
 */
function bytesIn({ challenge, user, excludeCredentials, allowCredentials, ...others }) {
  const options = { ...others, challenge: bytes(challenge) };
  const described = (list) => list.map((one) => ({ ...one, id: bytes(one.id) }));
  if (user) options.user = { ...user, id: bytes(user.id) };
  if (excludeCredentials) options.excludeCredentials = described(excludeCredentials);
  if (allowCredentials) options.allowCredentials = described(allowCredentials);
  return options;
}

/**
 * @param {string} base64url
 * @returns {Uint8Array}
 */
function bytes(base64url) {
  const base64 = base64url.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(window.atob(base64), (sign) => sign.charCodeAt(0));
}

/**
 * @param {ArrayBuffer} buffer
 * @returns {string} in base64url, without padding
 */
function text(buffer) {
  const signs = String.fromCharCode(...new Uint8Array(buffer));
  return window.btoa(signs).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
