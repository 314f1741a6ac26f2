const ONE_LINE = "input:not([type=submit], [type=reset], [type=button], [type=image], [type=file])";

/**
 * Let people whose switch knows only Tab and Enter fill in the forms marked `data-keeps-answers`: Enter chooses a
 * radio, or the next one where it is chosen already, and ticks a checkbox. In forms marked `data-enter-stays` it
 * does not send from a line of text either.
 *
 * @param {ParentNode} within
 */
export function chooseByEnter(within) {
  for (const form of within.querySelectorAll("form[data-keeps-answers]")) {
    // At this moment a browser sends the form; when the key goes down, it may still take a suggestion from a list.
    form.addEventListener("keypress", (event) => {
      const { key, target } = event;
      if (key !== "Enter" || !target.matches(ONE_LINE)) return;
      const isChoice = target.type === "radio" || target.type === "checkbox";
      if (isChoice || "enterStays" in form.dataset) event.preventDefault();
      // A switch that is held down means one press.
      if (isChoice && !event.repeat) choose(target, form);
    });
  }
}

/**
 * @param {HTMLInputElement} choice
 * @param {HTMLFormElement} form
 */
function choose(choice, form) {
  if (choice.type === "radio" && choice.checked) {
    const group = [...form.elements].filter(({ type, name }) => type === "radio" && name === choice.name);
    const next = group[(group.indexOf(choice) + 1) % group.length];
    next.focus();
    next.click();
    return;
  }
  choice.click();
}
