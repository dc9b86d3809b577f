// Builds what the pages link to: one style sheet, two scripts, a few pictures.
//
//   node build.mjs OUT
//
// Every file's name holds a digest of its bytes, so that it can be cached for ever; manifest.json says which name is
// current. Each has a .gz beside it. When no input has changed it does nothing.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const frontend = join(modules, "govuk-frontend/dist/govuk");
const mojImages = join(modules, "@ministryofjustice/frontend/moj/assets/images");
const FIRST_VISIT_LIMIT = 90_000; // bytes, compressed: style sheet and scripts together leave room for the page

const fail = (message) => {
  console.error(`assets: ${message}`);
  process.exit(1);
};
const digest = (bytes, length = 16) => createHash("sha256").update(bytes).digest("hex").slice(0, length);

const out = process.argv[2] && resolve(process.argv[2]);
if (!out) fail("say where to build: node build.mjs OUT");
if (!existsSync(frontend)) fail("node_modules is missing: run npm ci in the assets folder");

// ---- Anything to do? --------------------------------------------------------------------------------------------
// The lock file stands for node_modules.
const inputs = ["build.mjs", "package-lock.json", "waymark.scss", "_images.scss", "waymark.js"]
  .concat(readdirSync(join(here, "images")).sort().map((name) => `images/${name}`))
  .map((name) => join(here, name));
const stamp = digest(inputs.map((path) => `${basename(path)} ${digest(readFileSync(path), 64)}`).join("\n"), 64);
const stampFile = join(out, ".stamp");
const manifestFile = join(out, "manifest.json");
if (existsSync(stampFile) && existsSync(manifestFile) && readFileSync(stampFile, "utf8") === stamp) {
  const built = Object.values(JSON.parse(readFileSync(manifestFile, "utf8")));
  if (built.every((name) => existsSync(join(out, name)))) process.exit(0);
}

// ---- Build ------------------------------------------------------------------------------------------------------
mkdirSync(out, { recursive: true });
const manifest = {};
const kept = new Set(["manifest.json", ".stamp"]);
let total = 0;

function put(name, bytes, counts = true) {
  const extension = extname(name);
  const hashed = `${basename(name, extension)}-${digest(bytes)}${extension}`;
  const packed = gzipSync(bytes, { level: 9 });
  writeFileSync(join(out, hashed), bytes);
  writeFileSync(join(out, `${hashed}.gz`), packed);
  kept.add(hashed).add(`${hashed}.gz`);
  manifest[name] = hashed;
  if (counts) total += packed.length;
  return hashed;
}

// Pictures that the style sheet names as url(moj:NAME) become files of their own.
function place(css) {
  return css.replace(/url\("?moj:([^)"]+)"?\)/g, (_, name) => {
    const path = join(mojImages, name);
    if (!existsSync(path)) fail(`the style sheet names the picture ${name}, which MoJ Frontend does not have`);
    return `url(${manifest[name] ?? put(name, readFileSync(path), false)})`;
  });
}

// GOV.UK's blue is its brand. Where it is a setting, waymark.scss sets it; where a component (tag, inverse button,
// badge) takes a shade from the palette, which no setting reaches, our shade of the same lightness takes its place.
const OUR_BLUES = {
  "#1d70b8": "#1b4f5c", "#5694ca": "#5d8791", "#8eb8dc": "#9ab9c1", "#d2e2f1": "#d5e5e9", "#f4f8fb": "#f1f6f7",
  "#16548a": "#153f4a", "#0f385c": "#0f343d", "#1a65a6": "#1a5c6c",
};
const { compile } = await import("sass");
const compiled = compile(join(here, "waymark.scss"), { style: "compressed", loadPaths: [here], quietDeps: true }).css;
const css = place(compiled.replace(/#[0-9a-f]{6}\b/gi, (colour) => OUR_BLUES[colour.toLowerCase()] ?? colour));
for (const theirs of ["GDS Transport", "@font-face", "crest", "govuk-logo", "rgb(29, 112, 184)"]) {
  const at = css.toLowerCase().indexOf(theirs.toLowerCase());
  if (at >= 0) {
    const around = css.slice(Math.max(0, at - 120), at + 40);
    fail(`the style sheet holds "${theirs}", which belongs to service.gov.uk: …${around}…`);
  }
}

put("waymark.css", Buffer.from(css));
const library = readFileSync(join(frontend, "govuk-frontend.min.js"), "utf8");
const libraryName = put("govuk-frontend.js", Buffer.from(library.replace(/\/\/# sourceMappingURL=.*\s*$/, "")));
const own = readFileSync(join(here, "waymark.js"), "utf8");
if (!own.includes("./govuk-frontend.min.js")) fail("waymark.js no longer imports ./govuk-frontend.min.js");
const linked = own.replace("./govuk-frontend.min.js", `./${libraryName}`);
put("waymark.js", Buffer.from(linked.replace(/^\s*\/\/.*\n/gm, "")));
for (const name of readdirSync(join(here, "images"))) put(name, readFileSync(join(here, "images", name)));
if (total > FIRST_VISIT_LIMIT) fail(`a first visit takes ${total} bytes compressed; the limit is ${FIRST_VISIT_LIMIT}`);

const temporary = join(out, "manifest.json.new");
writeFileSync(temporary, `${JSON.stringify(manifest, null, 2)}\n`);
renameSync(temporary, manifestFile);
for (const name of readdirSync(out)) if (!kept.has(name)) rmSync(join(out, name), { recursive: true });
writeFileSync(stampFile, stamp);
console.log(`assets: ${Object.keys(manifest).length} files, ${total} bytes compressed on a first visit`);
