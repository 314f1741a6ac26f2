/**
 * Listen at the window or the document on behalf of elements, for as long as they are in the page: one listener for
 * all of them, which asks each time. One for each would outlive those that an answer in place replaces, and keep them
 * in memory with all their answers.
 *
 * @param {EventTarget} target
 * @param {string} type
 * @param {string} selector
 * @param {(element: HTMLElement, event: Event) => void} act
 */
export function listenFor(target, type, selector, act) {
  target.addEventListener(type, (event) => {
    for (const element of document.querySelectorAll(selector)) act(element, event);
  });
}
