/**
 * Builds what the browser loads: app/static/{scss,js,images} and the fonts become app/static/dist/.
 *
 * Every file carries a hash of its content in its name, so it can be cached for ever, and lies next to its
 * .gz and .br copies, so the server never compresses. manifest.json maps plain names to hashed ones; it is
 * replaced last, in one rename: until then the former build stays whole, and a killed build is simply rebuilt.
 * The former build's files are kept once more, for the server that still runs with its manifest.
 */
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

import * as esbuild from "esbuild";
import * as sass from "sass";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const sources = path.join(root, "app", "static");
const dist = path.join(sources, "dist");
const modules = path.join(root, "node_modules");

const browsers = ["chrome109", "edge109", "firefox115", "safari15.4"];
const licences =
  "/*! Contains parts of govuk-frontend (Crown copyright, MIT licence) and, where studies are read, " +
  "of pdf.js (Mozilla, Apache Licence 2.0), where inquiries are sent, of ALTCHA (Daniel Regeci, MIT licence). " +
  "Typeface: Atkinson Hyperlegible Next (Braille Institute, SIL Open Font Licence 1.1). */";

const fontFolder = path.join(modules, "@fontsource", "atkinson-hyperlegible-next", "files");
const fonts = ["latin-400", "latin-700", "latin-ext-400", "latin-ext-700"].map(
  (cut) => `atkinson-hyperlegible-next-${cut}-normal.woff2`,
);

const compressGzip = promisify(gzip);
const compressBrotli = promisify(brotliCompress);

/** @type {Record<string, string>} plain name to hashed name */
const manifest = {};
/** @type {Set<string>} every file of this build */
const written = new Set();

async function put(name, content) {
  const temporary = path.join(dist, `.${name}.${process.pid}`);
  await writeFile(temporary, content);
  await rename(temporary, path.join(dist, name));
  written.add(name);
}

/** Store one file under its hashed name, text also compressed, and enter it in the manifest. */
async function store(name, content, { compress }) {
  const bytes = Buffer.from(content);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8);
  const { name: stem, ext } = path.parse(name);
  const hashed = `${stem}-${hash}${ext}`;
  const copies = [put(hashed, bytes)];
  if (compress) {
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    };
    copies.push(compressGzip(bytes, { level: 9 }).then((packed) => put(`${hashed}.gz`, packed)));
    copies.push(compressBrotli(bytes, { params }).then((packed) => put(`${hashed}.br`, packed)));
  }
  await Promise.all(copies);
  manifest[name] = hashed;
}

async function buildFonts() {
  await Promise.all(
    fonts.map(async (name) => store(name, await readFile(path.join(fontFolder, name)), { compress: false })),
  );
}

async function buildImages() {
  const folder = path.join(sources, "images");
  const names = (await readdir(folder)).filter((name) => !name.startsWith("."));
  await Promise.all(
    names.map(async (name) =>
      store(name, await readFile(path.join(folder, name)), { compress: name.endsWith(".svg") }),
    ),
  );
}

async function buildStyles() {
  const compiled = await sass.compileAsync(path.join(sources, "scss", "site.scss"), {
    loadPaths: [modules],
    quietDeps: true,
  });
  // The style sheet names fonts plainly; a hash it has not got must stop the build, not the visitor.
  const linked = compiled.css.replace(/url\(["']?([^"')]+\.woff2)["']?\)/g, (_, name) => {
    if (!(name in manifest)) throw new Error(`The style sheet asks for an unknown font: ${name}`);
    return `url("${manifest[name]}")`;
  });
  const { code } = await esbuild.transform(linked, { loader: "css", minify: true, target: browsers });
  await store("site.css", `${licences}\n${code}`, { compress: true });
}

/** @param {string} name a script of its own, with all that it imports */
async function buildScript(name) {
  const { outputFiles } = await esbuild.build({
    entryPoints: [path.join(sources, "js", name)],
    bundle: true,
    minify: true,
    format: "esm",
    target: browsers,
    legalComments: "none",
    banner: { js: licences },
    write: false,
  });
  await store(name, outputFiles[0].contents, { compress: true });
}

/** What pdf.js fetches by name while it reads a file: fonts, tables of characters, decoders of pictures. */
async function copyPdfReader() {
  const { version } = JSON.parse(await readFile(path.join(modules, "pdfjs-dist", "package.json"), "utf8"));
  const folder = `pdfjs-${version}`;
  await Promise.all(
    ["cmaps", "standard_fonts", "wasm"].map((part) =>
      cp(path.join(modules, "pdfjs-dist", part), path.join(dist, folder, part), { recursive: true }),
    ),
  );
  written.add(folder);
  manifest.pdfjs = folder;
  const worker = path.join(modules, "pdfjs-dist", "legacy", "build", "pdf.worker.min.mjs");
  await store("pdf.worker.js", await readFile(worker), { compress: true });
}

/** @returns {Promise<string[]>} the hashed names of the build before this one, if there was one */
async function formerNames() {
  try {
    return Object.values(JSON.parse(await readFile(path.join(dist, "manifest.json"), "utf8")));
  } catch {
    return [];
  }
}

/** @param {string[]} former */
async function removeStale(former) {
  const kept = new Set([...written, ...former.flatMap((name) => [name, `${name}.gz`, `${name}.br`])]);
  const names = await readdir(dist);
  await Promise.all(
    names.filter((name) => !kept.has(name)).map((name) => rm(path.join(dist, name), { recursive: true })),
  );
}

const started = performance.now();
await mkdir(dist, { recursive: true });
const former = await formerNames();
await buildFonts();
await Promise.all([
  buildImages(),
  buildStyles(),
  buildScript("site.js"),
  buildScript("reader.js"),
  buildScript("proof.worker.js"),
  copyPdfReader(),
]);
const sorted = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => a.localeCompare(b)));
await put("manifest.json", `${JSON.stringify(sorted, null, 2)}\n`);
await removeStale(former);
console.log(`Built ${Object.keys(manifest).length} files into app/static/dist in ${Math.round(performance.now() - started)} ms`);
