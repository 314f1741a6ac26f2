const PLACES = "[data-arrivals]";
/** Between one question and the next. */
const PAUSE_MS = 30_000;
/** Says that nobody did anything: a session is not kept alive by it. */
const IN_BACKGROUND = { "X-Background": "1" };

/**
 * Say how many inquiries have come since the page was made, without moving any of it. `data-arrivals` is the address
 * to ask. Nobody asks while the page is out of sight, nor once the session is over.
 *
 * @param {ParentNode} within
 */
export function announceArrivals(within) {
  for (const place of within.querySelectorAll(PLACES)) watch(place);
}

/** @param {HTMLElement} place */
function watch(place) {
  let isDue = false;
  const timer = setInterval(() => {
    isDue = true;
    askIfSeen();
  }, PAUSE_MS);
  const stop = () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", askIfSeen);
  };

  async function askIfSeen() {
    if (!isDue || document.hidden) return;
    isDue = false;
    if (!place.isConnected || !(await ask(place))) stop();
  }

  document.addEventListener("visibilitychange", askIfSeen);
}

/**
 * @param {HTMLElement} place
 * @returns {Promise<boolean>} whether to ask again
 */
async function ask(place) {
  let answer;
  try {
    answer = await fetch(place.dataset.arrivals, { headers: IN_BACKGROUND, redirect: "manual" });
  } catch {
    return true; // the line is down: it may come back
  }
  if (!answer.ok) return answer.status >= 500;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const came = page.querySelector("[data-arrived]");
  if (!came) return false;
  // What has not changed is not read aloud again.
  if (came.textContent.trim() !== place.textContent.trim()) place.replaceChildren(...came.childNodes);
  return true;
}
