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
    const place = document.createElement("section");
    place.className = "reader__page";
    place.setAttribute("aria-label", pageWords.replace("{number}", index + 1).replace("{count}", pdf.numPages));
    // Until a page has come, it is taken to be as large as the first one.
    place.style.aspectRatio = `${width} / ${height}`;
    return place;
  });
  reader.append(...places);

  const drawn = new Map();
  const watcher = new IntersectionObserver(
    (seen) => {
      for (const { target, isIntersecting } of seen) {
        if (isIntersecting && !drawn.has(target)) {
          drawn.set(target, draw(pdf, places.indexOf(target) + 1, target));
        } else if (!isIntersecting && drawn.has(target)) {
          drawn.get(target).then((page) => page?.cleanup());
          drawn.delete(target);
          target.replaceChildren();
        }
      }
    },
    { rootMargin: AHEAD },
  );
  places.forEach((place) => watcher.observe(place));
}

/**
 * Draw a page, with its words above the picture so that they can be selected and read aloud.
 *
 * @param {import("pdfjs-dist").PDFDocumentProxy} pdf
 * @param {number} number
 * @param {HTMLElement} place
 */
async function draw(pdf, number, place) {
  try {
    const page = await pdf.getPage(number);
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

    await page.render({ canvas, viewport }).promise;
    await new TextLayer({
      textContentSource: page.streamTextContent(),
      container: words,
      viewport: page.getViewport({ scale }),
    }).render();
    return page;
  } catch {
    // A part that did not come: the page is tried again when it is next scrolled to.
    place.replaceChildren();
    return null;
  }
}
