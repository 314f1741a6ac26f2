const TYPED =
  "form[data-keeps-answers] :is(textarea, input:not([type=hidden], [type=radio], [type=checkbox], [type=file]))";

/**
 * What this address has shown, one page after another. Going back must bring back a form with what was typed in
 * it, and the browser knows nothing of the pages that script put here.
 *
 * @type {{ nodes: Node[], title: string, lang: string, dir: string }[]}
 */
const pages = [];
let current = 0;

/**
 * Show a page that answers a form in place of this one. The address stays that of the form, so that neither going
 * back nor loading anew asks whether to send it again.
 *
 * @param {Document} answer
 * @param {object} options
 * @param {boolean} options.isNext whether it follows this page, or is this page once more, with what to change in it
 * @param {string} [options.place] the id that the form's address asks for
 * @param {(within: ParentNode) => void} options.improve
 */
export function showInPlace(answer, { isNext, place, improve }) {
  if (isNext) {
    pages[current] = pageOf(document);
    window.history.replaceState({ page: current }, "");
    current += 1;
    pages.length = current;
    window.history.pushState({ page: current }, "");
  }
  keepForGoingBack(answer);
  show(pageOf(answer));
  improve(document);
  // Where nothing asks for the focus: the button that had it is gone.
  if (document.activeElement === document.body) {
    document.querySelector("main").focus({ preventScroll: true });
    (document.getElementById(place) ?? document.documentElement).scrollIntoView();
  }
}

window.addEventListener("popstate", ({ state }) => {
  // Links inside a page make entries too, which say nothing of a page.
  if (state?.page === current || !pages[state?.page]) return;
  pages[current] = pageOf(document);
  current = state.page;
  show(pages[current]);
});

window.addEventListener("pagehide", () => {
  // The browser keeps what is typed in a page that is left. Where that page only repeats the answers, it would
  // keep none: the form itself is put back for it.
  if (document.querySelector(TYPED)) return;
  const form = pages.slice(0, current).findLast(({ nodes }) => nodes.some((node) => node.querySelector?.(TYPED)));
  if (form) show(form);
});

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

/** @param {Document} shown */
function pageOf({ body, title, documentElement: { lang, dir } }) {
  return { nodes: [...body.childNodes], title, lang, dir };
}

/** @param {ReturnType<typeof pageOf>} page */
function show({ nodes, title, lang, dir }) {
  document.body.replaceChildren(...nodes);
  document.title = title;
  Object.assign(document.documentElement, { lang, dir });
}
