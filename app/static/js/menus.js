/**
 * Close an open menu by Escape, or by a press anywhere else.
 *
 * @param {Document} page
 */
export function closeMenusFromOutside(page) {
  for (const menu of page.querySelectorAll("details[data-menu]")) {
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
    page.addEventListener("click", (event) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  }
}
