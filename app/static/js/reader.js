/**
 * Shows a PDF page by page while it still loads: only the parts of the file that a page needs are asked for
 * (Range requests), so that reading starts at once. Without this script, or where it fails, the page's links
 * open or save the file itself.
 */
import { getDocument, GlobalWorkerOptions, setLayerDimensions, TextLayer } from "pdfjs-dist/legacy/build/pdf.min.mjs";

/** Bytes of one request: small enough for a slow line, large enough to need few. */
const PART = 64 * 1024;
/** Sharper than this only costs memory. */
const MOST_PIXELS_PER_PIXEL = 2;
/** Pages within this distance of the window are drawn; the others are let go, so that memory stays bounded. */
const AHEAD = "100% 0px";
/** Long enough not to draw at every step while a window is being resized. */
const PAUSE_MS = 200;

const reader = document.querySelector("[data-reader]");
const status = reader.querySelector("[data-status]");
try {
  await show(reader.dataset);
  status.hidden = true;
} catch {
  status.textContent = reader.dataset.failed;
}

/** @param {DOMStringMap} given */
async function show({ reader: url, worker, folder, pageWords }) {
  GlobalWorkerOptions.workerSrc = worker;
  const pdf = await getDocument({
    url,
    rangeChunkSize: PART,
    disableAutoFetch: true,
    disableStream: true,
    enableXfa: false,
    // Fonts that a file names and does not bring look the same for everybody.
    useSystemFonts: false,
    cMapUrl: `${folder}/cmaps/`,
    standardFontDataUrl: `${folder}/standard_fonts/`,
    wasmUrl: `${folder}/wasm/`,
  }).promise;
  const { width, height } = (await pdf.getPage(1)).getViewport({ scale: 1 });
  const places = Array.from({ length: pdf.numPages }, (_, index) => {
    const place = document.createElement("div");
    place.className = "reader__page";
    // Named, yet no landmark: a list of hundreds of those helps nobody.
    place.setAttribute("role", "group");
    place.setAttribute("aria-label", pageWords.replace("{number}", index + 1).replace("{count}", pdf.numPages));
    // Until a page has come, it is taken to be as large as the first one.
    place.style.aspectRatio = `${width} / ${height}`;
    return place;
  });
  reader.append(...places);

  /** @type {Map<HTMLElement, { size: string, over: AbortController }>} the places with a page, or soon with one */
  const drawn = new Map();
  const start = (place) => {
    const over = new AbortController();
    drawn.set(place, { size: sizeOf(place), over });
    draw(pdf, places.indexOf(place) + 1, place, over.signal);
  };
  const stop = (place) => {
    drawn.get(place).over.abort();
    drawn.delete(place);
  };

  const watcher = new IntersectionObserver(
    (seen) => {
      for (const { target, isIntersecting } of seen) {
        if (isIntersecting && !drawn.has(target)) start(target);
        else if (!isIntersecting && drawn.has(target)) stop(target);
      }
    },
    { rootMargin: AHEAD },
  );
  places.forEach((place) => watcher.observe(place));

  let waiting;
  // The whole page's width also changes where a zoom leaves the width of the places as it was.
  new ResizeObserver(() => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      for (const [place, { size }] of [...drawn]) {
        if (size === sizeOf(place)) continue;
        stop(place);
        start(place);
      }
    }, PAUSE_MS);
  }).observe(document.documentElement);
}

/**
 * @param {HTMLElement} place
 * @returns {string} what a drawing depends on beside its page
 */
function sizeOf(place) {
  return `${place.clientWidth} ${window.devicePixelRatio}`;
}

/**
 * Draw a page, with its words above the picture so that they can be selected and read aloud.
 *
 * @param {import("pdfjs-dist").PDFDocumentProxy} pdf
 * @param {number} number
 * @param {HTMLElement} place
 * @param {AbortSignal} over set when the page is scrolled away or to be drawn anew: what was drawn goes
 */
async function draw(pdf, number, place, over) {
  try {
    const page = await pdf.getPage(number);
    if (over.aborted) return;
    const size = page.getViewport({ scale: 1 });
    place.style.aspectRatio = `${size.width} / ${size.height}`;
    const scale = place.clientWidth / size.width;
    const sharp = Math.min(window.devicePixelRatio, MOST_PIXELS_PER_PIXEL);
    const viewport = page.getViewport({ scale: scale * sharp });

    const canvas = document.createElement("canvas");
    canvas.width = viewport.width;
    canvas.height = viewport.height;
    canvas.setAttribute("aria-hidden", "true");
    const words = document.createElement("div");
    words.className = "reader__words";
    words.style.setProperty("--total-scale-factor", scale);
    setLayerDimensions(words, page.getViewport({ scale }));
    place.replaceChildren(canvas, words);

    const picture = page.render({ canvas, viewport });
    let layer;
    over.addEventListener("abort", () => {
      picture.cancel();
      layer?.cancel();
      page.cleanup();
      place.replaceChildren();
      // Some browsers keep a canvas's memory long after it has left the page.
      canvas.width = canvas.height = 0;
    });
    await picture.promise;
    if (over.aborted) return;
    layer = new TextLayer({
      textContentSource: page.streamTextContent(),
      container: words,
      viewport: page.getViewport({ scale }),
    });
    await layer.render();
  } catch {
    // A part that did not come: the page is tried again when it is next scrolled to. A cancelled drawing ends
    // here too, when its place may already hold the next one.
    if (!over.aborted) place.replaceChildren();
  }
}
