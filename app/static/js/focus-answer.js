import { ErrorSummary } from "govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs";

/**
 * Move the focus to what answers the visitor's last act: the error summary, or else a notice marked for it.
 * The summary's links then bring the whole question into view, not only its input.
 *
 * @param {ParentNode} within
 */
export function focusAnswer(within) {
  const summary = within.querySelector('[data-module="govuk-error-summary"]');
  if (summary) {
    // The component refuses to start on a page that does not carry this mark.
    document.body.classList.add("govuk-frontend-supported");
    new ErrorSummary(summary);
    return;
  }
  within.querySelector("[data-takes-focus]")?.focus();
}
