// What every browser test needs: the demonstration served, a Chromium, a tally, and the checks that each page must pass.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
export const root = resolve(here, "../..");
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const shots = process.env.WAYMARK_SHOTS;
if (shots) mkdirSync(shots, { recursive: true });

// ---- The tally --------------------------------------------------------------------------------------------------
let passed = 0;
let failed = 0;
export async function test(name, body) {
  try {
    await body();
    passed += 1;
    console.log(`ok   ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${name}\n     ${String(error.message ?? error).split("\n").slice(0, 12).join("\n     ")}`);
  }
}
export function expect(condition, message) {
  if (!condition) throw new Error(message);
}
export function closing() {
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
// One browser context: its own cookies. `faults` gathers what the browser itself complains about.
export class Visitor {
  static async make(browser, url, { js = true, axe = false } = {}) {
    const context = await browser.newContext({
      baseURL: url, javaScriptEnabled: js, bypassCSP: axe, viewport: { width: 1280, height: 900 }, locale: "en-GB",
    });
    context.setDefaultTimeout(20_000);
    const page = await context.newPage();
    const visitor = new Visitor();
    Object.assign(visitor, { context, page, url, js, axe, faults: [], name: "" });
    page.on("console", (message) => {
      const text = message.text();
      if (/Content Security Policy|Trusted ?Type|Refused to/i.test(text)) visitor.faults.push(text);
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

  // Every page and state passes here: axe at two widths, no scrolling sideways, and a picture.
  async state(name) {
    const { page } = this;
    if (!this.axe) return;
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 900 });
      if (shots) await page.screenshot({ path: join(shots, `${name}-${width}.png`), fullPage: true });
      await test(`${name} has no accessibility fault at ${width} px`, () => noAxeFaults(page));
      if (width === 320) await test(`${name} does not scroll sideways at 320 px`, () => noSidewaysScroll(page));
    }
    await page.setViewportSize({ width: 1280, height: 900 });
    await test(`${name} is told by its title without a name, and says that it is a demonstration`, async () => {
      const title = await page.title();
      expect(/Waymark$/.test(title), `title: ${title}`);
      expect(!/Quillfeather|Thistlewick|Drummondsworth|Marrow/.test(title), `a name stands in the title: ${title}`);
      expect(!/Quillfeather|Thistlewick|Drummondsworth|Marrow/.test(page.url()), `a name stands in the address: ${page.url()}`);
      expect((await page.locator(".waymark-demonstration").count()) === 1, "nothing says that it is a demonstration");
    });
  }
}

async function noAxeFaults(page) {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
      resultTypes: ["violations"],
    }),
  );
  expect(
    violations.length === 0,
    violations.map((v) => `${v.id}: ${v.help}\n  ${v.nodes.slice(0, 3).map((n) => `${n.target} ${n.html.slice(0, 160)}`).join("\n  ")}`).join("\n"),
  );
}

async function noSidewaysScroll(page) {
  const { width, wide } = await page.evaluate(() => {
    const allowed = document.documentElement.clientWidth;
    const inScroller = (e) => e.closest(".waymark-scroll") && getComputedStyle(e.closest(".waymark-scroll")).overflowX === "auto";
    const wider = [...document.querySelectorAll("main *")].filter((e) => e.getBoundingClientRect().right > allowed + 1 && !inScroller(e));
    return { width: document.scrollingElement.scrollWidth, wide: wider.slice(0, 4).map((e) => `${e.tagName}.${e.className}`) };
  });
  expect(width <= 320, `the page is ${width} px wide: ${wide.join(", ")}`);
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
