import { focusAnswer } from "./focus-answer.js";
import { followLivePreview } from "./live-preview.js";
import { closeMenusFromOutside } from "./menus.js";
import { guardAgainstSecondSend } from "./send-once.js";
import { followShownWhen } from "./shown-when.js";
import { showUploadProgress } from "./upload-progress.js";

/**
 * Add what script adds to a page, or to the part of it that has just come.
 *
 * @param {ParentNode} within
 */
export function improve(within) {
  followShownWhen(within);
  // Before the guard of a few seconds, which is too short for a file and too long after a failure.
  showUploadProgress(within, improve);
  guardAgainstSecondSend(within);
  closeMenusFromOutside(within);
  followLivePreview(within);
  // Last, so that what takes the focus and what it links to are already shown or hidden as it should be.
  focusAnswer(within);
}
