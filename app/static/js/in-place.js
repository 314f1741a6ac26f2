const TYPED =
  "form[data-keeps-answers] :is(textarea, input:not([type=hidden], [type=radio], [type=checkbox], [type=file]))";

/**
 * What this address has shown, one page after another. Going back must bring back a form with what was typed in
 * it, and the browser knows nothing of the pages that script put here. Once the address is loaded anew, those around
 * its place in the history are unknown.
 *
 * @type {(Page | undefined)[]}
 * @typedef {{ nodes: Node[], title: string, lang: string, dir: string }} Page
 */
const pages = [];
let current = window.history.state?.page ?? 0;

/**
 * Show a page that answers a form in place of this one. The address stays that of the form, so that neither going
 * back nor loading anew asks whether to send it again.
 *
 * @param {Document} answer
 * @param {object} options
 * @param {boolean} options.isError whether it is this page once more, with what to change in it
 * @param {string} options.address where it comes from
 * @param {string} [options.place] the id that the form's address asks for
 * @param {(within: ParentNode) => void} options.improve
 */
export function showInPlace(answer, { isError, address, place, improve }) {
  if (!isError && !isRepeat(answer, address)) {
    pages[current] = pageOf(document);
    window.history.replaceState({ page: current }, "");
    current += 1;
    pages.length = current;
    window.history.pushState({ page: current }, "");
  }
  keepForGoingBack(answer);
  show(pageOf(answer));
  nameLanguage();
  improve(document);
  // Where nothing asks for the focus: the button that had it is gone.
  if (document.activeElement === document.body) {
    document.querySelector("main").focus({ preventScroll: true });
    (document.getElementById(place) ?? document.documentElement).scrollIntoView();
  }
}

window.addEventListener("popstate", ({ state }) => {
  if (!state && window.location.hash) {
    // Links inside a page make entries too. Coming back to one, it must be known whose it is.
    window.history.replaceState({ page: current }, "");
    return;
  }
  const asked = state?.page ?? 0;
  if (asked === current) return;
  if (!pages[asked]) {
    // Unknown: staying here would look as if the button did nothing.
    if (asked < current) window.history.back();
    else window.history.forward();
    return;
  }
  pages[current] = pageOf(document);
  current = asked;
  show(pages[current]);
});

/** @type {Page | null} the page that was left, where a form was put back for it */
let left = null;

window.addEventListener("pagehide", () => {
  // The browser keeps what is typed in a page that is left. Where that page only repeats the answers, it would
  // keep none: the form itself is put back for it.
  if (document.querySelector(TYPED)) return;
  const form = pages.slice(0, current).findLast((page) => page?.nodes.some((node) => node.querySelector?.(TYPED)));
  if (!form) return;
  left = pageOf(document);
  show(form);
});

window.addEventListener("pageshow", ({ persisted }) => {
  // Kept whole by the browser: the page is to be as it was left.
  if (persisted && left) show(left);
  left = null;
});

/** Let an address that asks for a language ask for the page's own: loaded anew, it must not change back. */
function nameLanguage() {
  const address = new URL(window.location.href);
  const { lang } = document.documentElement;
  if ((address.searchParams.get("lang") ?? lang) === lang) return;
  address.searchParams.set("lang", lang);
  window.history.replaceState(window.history.state, "", address);
}

/**
 * Browsers keep for going back what differs from the page as it came, and all these answers came with it: let them
 * count as typed.
 *
 * @param {Document} answer
 */
function keepForGoingBack(answer) {
  for (const field of answer.querySelectorAll(TYPED)) {
    const { value } = field;
    field.defaultValue = "";
    field.value = value;
  }
}

/**
 * @param {Document} answer
 * @param {string} address where it comes from
 * @returns {boolean} whether it is the page at hand, at most with a notice: nothing that somebody would go back from
 */
function isRepeat(answer, address) {
  const forms = formsOf(document);
  return (
    answer.documentElement.lang === document.documentElement.lang &&
    forms.includes(new URL(address).pathname) &&
    forms.join() === formsOf(answer).join()
  );
}

/**
 * @param {Document} shown
 * @returns {string[]} where its forms are sent to: the same ones make the same page
 */
function formsOf(shown) {
  return Array.from(shown.querySelectorAll("main form"), (form) => form.getAttribute("action"));
}

/**
 * @param {Document} shown
 * @returns {Page}
 */
function pageOf({ body, title, documentElement: { lang, dir } }) {
  return { nodes: [...body.childNodes], title, lang, dir };
}

/** @param {Page} page */
function show({ nodes, title, lang, dir }) {
  document.body.replaceChildren(...nodes);
  document.title = title;
  Object.assign(document.documentElement, { lang, dir });
}
