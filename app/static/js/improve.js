import { announceArrivals } from "./arrivals.js";
import { chooseByEnter } from "./choose-by-enter.js";
import { focusAnswer } from "./focus-answer.js";
import { warnOfIdleEnd } from "./idle.js";
import { followLivePreview } from "./live-preview.js";
import { closeMenusFromOutside } from "./menus.js";
import { askPasskeys } from "./passkeys.js";
import { offerPrinting } from "./printing.js";
import { proveInBackground } from "./proof.js";
import { sendInPlace } from "./send-in-place.js";
import { guardAgainstSecondSend } from "./send-once.js";
import { followShortcuts } from "./shortcuts.js";
import { followShownWhen } from "./shown-when.js";
import { showUploadProgress } from "./upload-progress.js";

/**
 * Add what script adds to a page, or to the part of it that has just come.
 *
 * @param {ParentNode} within
 */
export function improve(within) {
  followShownWhen(within);
  chooseByEnter(within);
  proveInBackground(within);
  sendInPlace(within, improve);
  // Before the guard of a few seconds, which is too short for a file and too long after a failure.
  showUploadProgress(within, improve);
  guardAgainstSecondSend(within);
  closeMenusFromOutside(within);
  followLivePreview(within);
  offerPrinting(within);
  askPasskeys(within);
  warnOfIdleEnd(within);
  announceArrivals(within);
  followShortcuts(within);
  // Last, so that what takes the focus and what it links to are already shown or hidden as it should be.
  focusAnswer(within);
}
