import { listenFor } from "./listening.js";

const MENUS = "details[data-menu]";

/**
 * Close an open menu by Escape, or by a press anywhere else.
 *
 * @param {ParentNode} within
 */
export function closeMenusFromOutside(within) {
  for (const menu of within.querySelectorAll(MENUS)) {
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  }
}

listenFor(document, "click", MENUS, (menu, { target }) => {
  if (!menu.contains(target)) menu.open = false;
});
