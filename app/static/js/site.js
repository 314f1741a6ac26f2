/** What script adds to pages that are whole without it. Nothing typed is kept or sent from here. */
import { improve } from "./improve.js";

improve(document);
