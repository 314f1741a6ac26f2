import { placeForWords } from "./words.js";

/** Nobody waits longer, whatever became of the proof: the site takes forms without one too. */
const LONGEST_MS = 10_000;
/** Most waits are over before a word about them would be read. */
const UNTOLD_MS = 2000;

/** @type {WeakMap<HTMLFormElement, { formKey: string, over: Promise<void> }>} the latest proof of each form */
const proofs = new WeakMap();
/** @type {WeakMap<HTMLFormElement, HTMLElement>} where each form says that it waits */
const places = new WeakMap();

/**
 * For forms marked `data-proof` (where challenges come from) and `data-proof-worker` (the script that solves
 * them): find a proof of work from the moment somebody starts on the form (or at once, where it is marked
 * `data-proof-now`), and put it into its field `proof`.
 * Nothing of it is seen.
 *
 * @param {ParentNode} within
 */
export function proveInBackground(within) {
  for (const form of within.querySelectorAll("form[data-proof]")) {
    places.set(form, placeForWords(form));
    const start = () => prove(form);
    form.addEventListener("focusin", start);
    form.addEventListener("pointerdown", start);
    // On a slow line somebody may have started before this script came. A form with nothing to write in is
    // sent at the first press.
    if (form.contains(document.activeElement) || "proofNow" in form.dataset) start();
  }
}

/**
 * Wait until a form holds its proof, or there is none to be had. Whoever sends the form waits for this before
 * reading its fields.
 *
 * @param {HTMLFormElement} form any form; one that is not marked is ready
 * @returns {Promise<void>} never fails
 */
export async function proofReady(form) {
  const said = places.get(form);
  if (!said) return;
  const telling = setTimeout(() => {
    said.textContent = form.dataset.proofWaiting;
  }, UNTOLD_MS);
  let waiting;
  const tired = new Promise((resolve) => {
    waiting = setTimeout(resolve, LONGEST_MS);
  });
  await Promise.race([prove(form), tired]);
  clearTimeout(telling);
  clearTimeout(waiting);
  said.textContent = "";
}

/**
 * Find the proof for a form as it stands, unless that is done or under way.
 *
 * @param {HTMLFormElement} form
 * @returns {Promise<void>} over when the field is filled, or the attempt failed and may be made again
 */
function prove(form) {
  const { form_key: key, proof: field } = form.elements;
  const formKey = key.value;
  const latest = proofs.get(form);
  if (latest?.formKey === formKey) return latest.over;

  const over = solve(form.dataset, formKey).then((payload) => {
    // A key that changed meanwhile has a proof of its own under way.
    if (proofs.get(form)?.formKey !== formKey) return;
    if (payload) field.value = payload;
    else proofs.delete(form);
  });
  proofs.set(form, { formKey, over });
  return over;
}

/**
 * @param {DOMStringMap} where
 * @param {string} formKey
 * @returns {Promise<string>} empty if there is no proof to be had
 */
async function solve({ proof: address, proofWorker }, formKey) {
  let worker;
  try {
    worker = new Worker(proofWorker, { type: "module" });
    return await new Promise((resolve, reject) => {
      worker.addEventListener("message", ({ data }) => resolve(data));
      worker.addEventListener("error", reject);
      worker.postMessage({ address, formKey });
    });
  } catch {
    return "";
  } finally {
    worker?.terminate();
  }
}
