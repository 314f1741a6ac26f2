import { ErrorSummary } from "govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs";

/**
 * Move the focus to what answers the visitor's last act: the error summary, or else a notice marked for it.
 * The summary's links then bring the whole question into view, not only its input.
 *
 * @param {Document} page
 */
export function focusAnswer(page) {
  const summary = page.querySelector('[data-module="govuk-error-summary"]');
  if (summary) {
    // The component refuses to start on a page that does not carry this mark.
    page.body.classList.add("govuk-frontend-supported");
    new ErrorSummary(summary);
    return;
  }
  page.querySelector("[data-takes-focus]")?.focus();
}
