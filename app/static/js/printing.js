/**
 * Show the parts marked `data-print`, whose button can do nothing without script, and print the page at its press.
 *
 * @param {ParentNode} within
 */
export function offerPrinting(within) {
  for (const part of within.querySelectorAll("[data-print]")) {
    part.hidden = false;
    part.addEventListener("click", ({ target }) => {
      if (target.closest("button")) window.print();
    });
  }
}
