/** Finds the proof of work that `proof.js` sends along with a form, away from the page's own thread. */
import { pbkdf2, solveChallenge } from "altcha/lib";

self.addEventListener("message", async ({ data: { address, formKey } }) => {
  self.postMessage(await proof(address, formKey).catch(() => ""));
});

/**
 * @param {string} address where the site gives out challenges
 * @param {string} formKey the form that it is to count for
 * @returns {Promise<string>} what the site takes as the solution
 */
async function proof(address, formKey) {
  const answer = await fetch(address, { method: "POST", body: new URLSearchParams({ form_key: formKey }) });
  const challenge = await answer.json();
  const solution = await solveChallenge({ challenge, deriveKey: pbkdf2.deriveKey });
  return solution ? btoa(JSON.stringify({ challenge, solution })) : "";
}
