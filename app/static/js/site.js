/** What script adds to pages that are whole without it. Nothing typed is kept or sent from here. */
import { focusAnswer } from "./focus-answer.js";
import { followLivePreview } from "./live-preview.js";
import { closeMenusFromOutside } from "./menus.js";
import { guardAgainstSecondSend } from "./send-once.js";
import { followShownWhen } from "./shown-when.js";
import { showUploadProgress } from "./upload-progress.js";

followShownWhen(document);
guardAgainstSecondSend(document);
closeMenusFromOutside(document);
followLivePreview(document);
showUploadProgress(document);
// Last, so that what takes the focus and what it links to are already shown or hidden as it should be.
focusAnswer(document);
