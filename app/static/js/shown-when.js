/**
 * Show a part of a form only while a radio has one of the answers it names, such as
 * `data-shown-when="filling_in=relative|professional"`. A part with an error in it is always shown.
 *
 * @param {ParentNode} within
 */
export function followShownWhen(within) {
  for (const part of within.querySelectorAll("[data-shown-when]")) {
    const [name, answers] = part.dataset.shownWhen.split("=");
    const wanted = answers.split("|");
    const radios = within.querySelectorAll(`input[type="radio"][name="${CSS.escape(name)}"]`);
    const hasError = part.querySelector(".govuk-error-message") !== null;

    const update = () => {
      const chosen = Array.from(radios).find((radio) => radio.checked);
      part.hidden = !hasError && !(chosen && wanted.includes(chosen.value));
    };

    radios.forEach((radio) => radio.addEventListener("change", update));
    // Going back restores the answers only after the page has loaded.
    window.addEventListener("pageshow", update);
    update();
  }
}
