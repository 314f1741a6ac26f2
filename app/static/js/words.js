/**
 * Put an element for words that come later right before a form's own buttons: in sight of whoever has pressed one.
 * It stands in the page before it says anything, because what comes along with its words is not read aloud.
 *
 * @param {HTMLFormElement} form
 * @param {string} [className]
 * @returns {HTMLElement}
 */
export function placeForWords(form, className = "") {
  const said = document.createElement("div");
  said.setAttribute("role", "status");
  said.className = className;
  // Buttons in the middle of a form only answer one question.
  const buttons = [...form.querySelectorAll(":scope > .actions:not(.actions--answer)")].pop();
  if (buttons) buttons.before(said);
  else form.append(said);
  return said;
}
