// What every browser test needs: the demonstration served, a Chromium, a tally, and the checks that each page must pass.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { byKeyboard } from "./by_keyboard.mjs";

const here = dirname(fileURLToPath(import.meta.url));
export const root = resolve(here, "../..");
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const shots = process.env.WAYMARK_SHOTS;
if (shots) mkdirSync(shots, { recursive: true });

// The ten main pages, for the documents: WAYMARK_PICTURES=docs/images.
const pictures = process.env.WAYMARK_PICTURES;
const pictured = {
  "home-front-door": "my-day", "raise-what": "raise", inbox: "inbox", "desk-held": "triage", "child-chronology": "chronology",
  "child-standing": "standing", match: "match", telling: "telling", caseload: "caseload", access: "access",
};

// ---- The tally --------------------------------------------------------------------------------------------------
let passed = 0;
let failed = 0;
const failures = [];
export async function test(name, body) {
  try {
    await body();
    passed += 1;
    console.log(`ok   ${name}`);
  } catch (error) {
    failed += 1;
    failures.push(`FAIL ${name}\n     ${String(error.message ?? error).split("\n").slice(0, 12).join("\n     ")}`);
    console.log(failures.at(-1));
  }
}
export function expect(condition, message) {
  if (!condition) throw new Error(message);
}
// What failed stands once more where the end of a long log is read.
export function closing() {
  if (failures.length > 0) console.log(failures.slice(0, 5).join("\n"));
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

// ---- The server -------------------------------------------------------------------------------------------------
export async function serve() {
  const folder = mkdtempSync(join(tmpdir(), "waymark-browser-"));
  const db = join(folder, "demo.db");
  let running = await started(["demo", "--fresh", "--db", db, "--listen", "127.0.0.1:0"]);
  const { url } = running;
  // As the power goes, and as it comes back: the same store, at the same address.
  const kill = async () => {
    const { child } = running;
    child.removeAllListeners("exit");
    const ended = new Promise((done) => child.once("exit", done));
    child.kill("SIGKILL");
    await ended;
  };
  const again = async () => {
    running = await started(["demo", "--db", db, "--listen", new URL(url).host]);
  };
  const stop = async () => {
    const { child } = running;
    child.removeAllListeners("exit");
    const ended = new Promise((done) => child.once("exit", done));
    child.kill("SIGTERM");
    await Promise.race([ended, new Promise((done) => setTimeout(done, 20_000))]);
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  return { url, kill, again, stop };
}

async function started(words) {
  const program = process.env.WAYMARK ?? join(root, "build/release/waymark");
  const child = spawn(program, words, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const url = await new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`the server did not start in 300 s:\n${output}`)), 300_000);
    const read = (chunk) => {
      output = (output + chunk).slice(-20_000);
      const found = output.match(/Waymark is at (http:\/\/127\.0\.0\.1:\d+)\//);
      if (found) {
        clearTimeout(timer);
        done(found[1]);
      }
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.on("error", fail);
    child.on("exit", (code) => fail(new Error(`the server ended with ${code}:\n${output}`)));
  });
  return { url, child };
}

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync",
    ],
  });

// ---- A visitor --------------------------------------------------------------------------------------------------
// One browser context: its own cookies. `faults` gathers what the browser itself complains about. With `keys` everything that
// is done on its page is done by the keyboard alone.
export class Visitor {
  static async make(browser, url, { js = true, axe = false, keys = false } = {}) {
    const context = await browser.newContext({
      baseURL: url, javaScriptEnabled: js, bypassCSP: axe, viewport: { width: 1280, height: 900 }, locale: "en-GB",
    });
    context.setDefaultTimeout(20_000);
    const sheet = await context.newPage();
    const page = keys ? byKeyboard(sheet) : sheet;
    const visitor = new Visitor();
    Object.assign(visitor, { context, page, url, js, axe, faults: [], name: "" });
    page.on("console", (message) => {
      const text = message.text();
      if (/Content Security Policy|Trusted ?Type|Refused to/i.test(text)) visitor.faults.push(text);
    });
    page.on("response", (response) => {
      const request = response.request();
      if (request.isNavigationRequest() && request.frame() === sheet.mainFrame()) visitor.document = response;
    });
    page.on("pageerror", (error) => visitor.faults.push(String(error)));
    return visitor;
  }
  close() {
    return this.context.close();
  }
  async signIn(name) {
    await this.context.clearCookies();
    await this.page.goto("/sign-in");
    await this.page.getByRole("button", { name: new RegExp(`^${name} `) }).click();
    await this.page.getByRole("heading", { name: "My day" }).waitFor();
    this.name = name;
  }
  async signOut() {
    await this.page.getByRole("button", { name: "Sign out" }).click();
    await this.page.getByRole("heading", { name: "You are signed out" }).waitFor();
  }
  async press(name) {
    await this.page.getByRole("button", { name, exact: true }).click();
  }
  heading() {
    return this.page.locator("h1").first().innerText();
  }

  // Every page and state passes here, in each of the ways in which people see it.
  async state(name) {
    const { page } = this;
    if (!this.axe) return;
    await keepMarkup(this, name);
    if (pictures && pictured[name]) await page.screenshot({ path: join(pictures, `${pictured[name]}.png`) });
    await page.evaluate(axeSource);
    for (const way of ways) {
      await way.enter(page);
      if (shots) await page.screenshot({ path: join(shots, `${name}-${way.shot}.png`), fullPage: true });
      await test(`${name} has no accessibility fault ${way.name}`, async () => {
        await noAxeFaults(page, way.name);
        if (way.scrolls !== true) await noSidewaysScroll(page);
      });
      await way.leave(page);
    }
    if (await page.locator("main svg text").count()) await test(`${name} has drawings that can be read`, () => chartsAreReadable(page));
    await test(`${name} leads the keyboard from its head to its foot, and shows where it is`, () => focusIsSeen(page));
    await test(`${name} is told by its title without a name, and says that it is a demonstration`, async () => {
      const title = await page.title();
      expect(/Waymark$/.test(title), `title: ${title}`);
      expect(!/Quillfeather|Thistlewick|Drummondsworth|Marrow/.test(title), `a name stands in the title: ${title}`);
      expect(!/Quillfeather|Thistlewick|Drummondsworth|Marrow/.test(page.url()), `a name stands in the address: ${page.url()}`);
      expect((await page.locator(".waymark-demonstration").count()) === 1, "nothing says that it is a demonstration");
    });
  }
}

// ---- What each page is looked at for ------------------------------------------------------------------------------
const atWidth = (width) => (page) => page.setViewportSize({ width, height: 900 });
const textAt = (size) => (page) => page.evaluate((s) => { document.documentElement.style.fontSize = s; }, size);
const media = (features) => (page) => page.emulateMedia(features);
// In forced colours the reader's own are used, whatever the page says. A table that scrolls in its box hides cells behind
// its edge: their colours are those that they have at 1280 px. In a drawing axe does not look for what lies behind a text:
// `chartsAreReadable` does.
const explained = [
  { of: "in forced colours", rule: "color-contrast" },
  { of: /text of twice|at 320/, rule: "color-contrast", within: ".waymark-scroll", why: "elmPartiallyObscured" },
  { of: /./, rule: "color-contrast", within: "svg" },
];
const ways = [
  { name: "at 1280 px", shot: "1280", enter: atWidth(1280), leave: atWidth(1280) },
  { name: "at 320 px", shot: "320", enter: atWidth(320), leave: atWidth(1280) },
  { name: "with text of twice the size", shot: "large", enter: textAt("200%"), leave: textAt("") },
  { name: "in forced colours", shot: "forced", enter: media({ forcedColors: "active" }), leave: media({ forcedColors: null }) },
  { name: "as printed", shot: "print", enter: media({ media: "print" }), leave: media({ media: null }), scrolls: true },
];

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

async function noAxeFaults(page, way) {
  const known = explained.filter(({ of }) => (typeof of === "string" ? of === way : of.test(way)));
  const { violations, incomplete } = await page.evaluate(async ({ runOnly, known }) => {
    const found = await globalThis.axe.run(document, { runOnly, resultTypes: ["violations", "incomplete"] });
    const isKnown = (rule, node) =>
      known.some((k) => k.rule === rule && (!k.within || document.querySelector(node.target.at(-1))?.closest(k.within)) &&
        (!k.why || node.any.every((a) => a.data?.messageKey === k.why)));
    for (const one of found.incomplete) one.nodes = one.nodes.filter((node) => !isKnown(one.id, node));
    found.incomplete = found.incomplete.filter((one) => one.nodes.length > 0);
    return found;
  }, { runOnly: tags, known: known.map(({ rule, within, why }) => ({ rule, within, why })) });
  const nodes = (v) => v.nodes.slice(0, 3).map((n) => `${n.target} ${n.html.slice(0, 160)} ${n.any.map((a) => a.message).join("; ")}`);
  const told = (v) => `${v.id}: ${v.help}\n  ${nodes(v).join("\n  ")}`;
  expect(violations.length === 0, violations.map(told).join("\n"));
  expect(incomplete.length === 0, `cannot be told:\n${incomplete.map(told).join("\n")}`);
}

async function noSidewaysScroll(page) {
  const { allowed, width, wide } = await page.evaluate(() => {
    const allowed = document.documentElement.clientWidth;
    const inScroller = (e) => e.closest(".waymark-scroll") && getComputedStyle(e.closest(".waymark-scroll")).overflowX === "auto";
    const wider = [...document.querySelectorAll("main *")].filter((e) => e.getBoundingClientRect().right > allowed + 1 && !inScroller(e));
    return { allowed, width: document.scrollingElement.scrollWidth, wide: wider.slice(0, 4).map((e) => `${e.tagName}.${e.className}`) };
  });
  expect(width <= allowed, `the page is ${width} px wide of ${allowed}: ${wide.join(", ")}`);
}

// Each text of a drawing against what lies behind it: 4.5 to 1 (WCAG 2.2, 1.4.3).
async function chartsAreReadable(page) {
  const wrong = await page.evaluate(() => {
    const parts = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
    const seen = (colour) => colour && colour !== "none" && parts(colour)[3] !== 0;
    const light = (colour) => {
      const [r, g, b] = parts(colour).map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (text) => {
      text.scrollIntoView({ block: "center", inline: "center" });
      const box = text.getBoundingClientRect();
      const under = document.elementsFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      const shape = under.find((e) => e.closest("svg") && !["text", "tspan", "svg", "g"].includes(e.tagName) && seen(getComputedStyle(e).fill));
      if (shape) return getComputedStyle(shape).fill;
      for (let e = text; e; e = e.parentElement) if (seen(getComputedStyle(e).backgroundColor)) return getComputedStyle(e).backgroundColor;
      return "rgb(255, 255, 255)";
    };
    return [...document.querySelectorAll("main svg text")].flatMap((text) => {
      if (!text.textContent.trim() || text.getClientRects().length === 0) return [];
      const [a, b] = [light(getComputedStyle(text).fill), light(behind(text))].sort((x, y) => y - x);
      const contrast = (a + 0.05) / (b + 0.05);
      return contrast < 4.5 ? [`"${text.textContent.slice(0, 40)}" ${contrast.toFixed(2)} to 1`] : [];
    });
  });
  expect(wrong.length === 0, wrong.slice(0, 8).join("; "));
}

// Tab goes through everything in the order of the page; each thing looks different while it has the focus, is in sight, and
// nothing lies over it.
const MOST_STOPS = 400;
async function focusIsSeen(page) {
  await page.evaluate(() => {
    const look = (e) => {
      const s = getComputedStyle(e.matches("input[type=radio],input[type=checkbox]") ? e.nextElementSibling ?? e : e, null);
      const b = getComputedStyle(e.nextElementSibling ?? e, "::before");
      return [s.outlineStyle, s.outlineWidth, s.boxShadow, s.backgroundColor, s.borderColor, b.boxShadow, b.borderWidth].join("|");
    };
    globalThis.waymarkLook = look;
    const able = "a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex]";
    globalThis.waymarkPlain = new Map([...document.querySelectorAll(able)].map((e) => [e, look(e)]));
    globalThis.waymarkLast = null;
    globalThis.waymarkSeen = new Set();
    // Begun at the head of the page, also where the page has put the focus elsewhere.
    window.scrollTo(0, 0);
    const head = document.createElement("span");
    head.tabIndex = -1;
    (document.querySelector("dialog[open]") ?? document.body).prepend(head);
    head.focus();
    head.remove();
  });
  for (let n = 0; n < MOST_STOPS; n += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const e = document.activeElement;
      const modal = document.querySelector("dialog[open]");
      const isMissed = (one) =>
        !globalThis.waymarkSeen.has(one) && (modal?.contains(one) ?? true) && one.type !== "radio" && one.tabIndex >= 0 && !one.disabled && one.checkVisibility?.({ checkVisibilityCSS: true });
      const missed = () => [...globalThis.waymarkPlain.keys()].find(isMissed);
      const ended = () => (missed() ? { wrong: `${missed().outerHTML.slice(0, 120)} is never reached` } : { end: true });
      if (!e || e === document.body || e === globalThis.waymarkSeen.values().next().value) return ended();
      if (e === globalThis.waymarkLast) return {}; // the parts of a date
      globalThis.waymarkSeen.add(e);
      const told = `${e.tagName} ${e.id} ${(e.innerText ?? "").slice(0, 40)}`;
      const last = globalThis.waymarkLast;
      globalThis.waymarkLast = e;
      if (last && !(last.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING)) {
        return { wrong: `the focus goes back to ${told}` };
      }
      if (globalThis.waymarkPlain.get(e) === globalThis.waymarkLook(e)) return { wrong: `nothing shows that ${told} has the focus` };
      const box = e.getClientRects()[0];
      if (!box || box.width === 0) return { wrong: `${told} cannot be seen` };
      const x = Math.min(innerWidth - 1, Math.max(0, box.left + Math.min(box.width / 2, 20)));
      const y = box.top + Math.min(box.height / 2, 12);
      if (y < 0 || y > innerHeight) return { wrong: `${told} is not in sight` };
      const top = document.elementFromPoint(x, y);
      const label = e.labels?.[0];
      if (top && !e.contains(top) && !top.contains(e) && !label?.contains(top)) return { wrong: `${top.tagName} ${top.className} lies over ${told}` };
      return {};
    });
    if (stop.end) return;
    expect(!stop.wrong, stop.wrong);
  }
  expect(false, `more than ${MOST_STOPS} stops`);
}

// ---- Markup, as the server sent it --------------------------------------------------------------------------------
const pages = mkdtempSync(join(tmpdir(), "waymark-markup-"));
process.on("exit", () => rmSync(pages, { recursive: true, force: true }));
async function keepMarkup(visitor, name) {
  writeFileSync(join(pages, `${name}.html`), await visitor.document.body());
}
// Every state that was looked at, read by the W3C's checker.
export async function validMarkup() {
  const jar = createRequire(import.meta.url)("vnu-jar");
  const names = readdirSync(pages);
  const run = spawnSync("java", ["-Xss4m", "-jar", jar, "--format", "json", "--exit-zero-always", ...names.map((n) => join(pages, n))], {
    encoding: "utf8", maxBuffer: 1 << 28, timeout: 300_000,
  });
  if (run.status !== 0) throw new Error(`the checker ended with ${run.status}: ${run.error ?? run.stderr.slice(-2000)}`);
  const { messages } = JSON.parse(run.stderr);
  const wrong = messages.filter((m) => m.type === "error" || m.type === "non-document-error");
  for (const name of names) {
    await test(`${name.replace(/.html$/, "")} is valid HTML`, async () => {
      const of = wrong.filter((m) => m.url.endsWith(`/${name}`));
      expect(of.length === 0, of.map((m) => `${m.lastLine}: ${m.message}\n  ${m.extract ?? ""}`).join("\n"));
    });
  }
}

// How often Tab is pressed, past the skip link, until `selector` has the focus.
export async function tabsTo(page, selector, most = 10) {
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  for (let n = 1; n <= most; n += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((s) => document.activeElement?.matches(s) ?? false, selector)) return n;
  }
  throw new Error(`${selector} does not have the focus after ${most} tab stops`);
}
