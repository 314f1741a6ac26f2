/**
 * Close an open menu by Escape, or by a press anywhere else.
 *
 * @param {ParentNode} within
 */
export function closeMenusFromOutside(within) {
  for (const menu of within.querySelectorAll("details[data-menu]")) {
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
    document.addEventListener("click", (event) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  }
}
