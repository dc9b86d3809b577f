// Hostile texts in every place of a page, in a real Chromium under the product's own headers. No script may run, no
// violation be reported, no element come to be that no template wrote, and each text stand on the page as text.
//
//   node tests/door/csp.mjs
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closing, expect, launch, root, test } from "../browser/lib.mjs";
import { payloads, some } from "./payloads.mjs";

const all = payloads();
const folder = mkdtempSync(join(tmpdir(), "waymark-csp-"));

// ---- A partnership whose names are hostile -------------------------------------------------------------------------
const quoted = (text) => JSON.stringify(text).replaceAll("\u007f", "\\u007f");
const printable = all.filter((p) => !/[\u0000-\u001f]/.test(p) && p.length <= 100);
function profile() {
  const names = some(printable, 40);
  let n = 0;
  return readFileSync(join(root, "content/profiles/northbay.toml"), "utf8").replace(/^name = ".*"$/gm, () => `name = ${quoted(names[n++ % names.length])}`);
}
function entries(list) {
  return list
    .map((p, n) =>
      JSON.stringify({
        kind: "concern.raised", at: `2026-10-${String(1 + (n % 28)).padStart(2, "0")}T09:00:00Z`, agency: "csc", author: "m.brennan", id: `c${n}`,
        subjects: [{
          involvement: "displayed",
          identity: { source: "door", id: `D${n}`, given_name: p.slice(0, 100), family_name: `${p.slice(0, 90)} ${n}`, other_names: [p.slice(0, 100)], address: p.slice(0, 200), date_of_birth: `20${10 + (n % 8)}-0${1 + (n % 9)}-1${n % 10}` },
        }],
        body: { about_what: "displayed-behaviour", setting: "school", noticed: "observed", summary: p },
      }),
    )
    .join("\n");
}
const hostile = some(all, 60);
writeFileSync(join(folder, "payloads.json"), JSON.stringify(all));
writeFileSync(join(folder, "profile.toml"), profile());
writeFileSync(join(folder, "entries.jsonl"), entries(hostile));

async function serve() {
  const program = process.env.WAYMARK_DOOR_PAGES ?? join(root, "build/release/tests/door_pages");
  const child = spawn(program, ["payloads.json", "profile.toml", "entries.jsonl"].map((f) => join(folder, f)), { stdio: ["pipe", "pipe", "pipe"] });
  let errors = "";
  child.stderr.on("data", (chunk) => (errors += chunk));
  const url = await new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`the pages were not served in 120 s: ${errors}`)), 120_000);
    child.stdout.on("data", (chunk) => {
      const found = String(chunk).match(/http:\/\/127\.0\.0\.1:\d+/);
      if (found) (clearTimeout(timer), done(found[0]));
    });
    child.on("exit", (code) => fail(new Error(`the pages ended with ${code}: ${errors}`)));
  });
  return { url, errors: () => errors, stop: () => (child.removeAllListeners("exit"), child.stdin.end(), child.kill()) };
}

// ---- What the browser makes of a page ------------------------------------------------------------------------------
// Runs before anything of the page: whatever calls w(n) is told, and so is every violation of the policy.
function watch() {
  globalThis.ran = [];
  globalThis.violated = [];
  globalThis.w = (n) => globalThis.ran.push(n);
  document.addEventListener("securitypolicyviolation", (e) => globalThis.violated.push(`${e.effectiveDirective} ${e.blockedURI} ${e.sample}`));
}

// What no template writes: elements that run or fetch, attributes that run, addresses that do.
function foreign() {
  const faults = [];
  const bad = new Set(["IFRAME", "OBJECT", "EMBED", "APPLET", "FRAME", "FRAMESET", "BASE", "MARQUEE", "MATH", "AUDIO", "VIDEO", "SOURCE", "STYLE", "TEMPLATE", "XMP", "PLAINTEXT", "X-Y", "ANIMATE", "SET", "FOREIGNOBJECT", "USE", "IMAGE", "NOSCRIPT", "KEYGEN", "PORTAL"]);
  const ours = new Set([location.host]);
  for (const e of document.querySelectorAll("*")) {
    const tag = e.tagName.toUpperCase();
    if (bad.has(tag)) faults.push(`<${tag}>`);
    if (tag === "SCRIPT" && !(e.src && new URL(e.src).pathname.startsWith("/assets/"))) faults.push("<SCRIPT>");
    if (tag === "IMG" && !new URL(e.src, location).pathname.startsWith("/assets/")) faults.push(`<IMG ${e.getAttribute("src")}>`);
    if (tag === "LINK" && !new URL(e.href, location).pathname.startsWith("/assets/")) faults.push(`<LINK ${e.href}>`);
    if (tag === "META" && e.httpEquiv) faults.push(`<META ${e.httpEquiv}>`);
    for (const a of e.attributes) {
      if (/^on/i.test(a.name) || /^(srcdoc|style|formaction)$/i.test(a.name)) faults.push(`${tag} ${a.name}=${a.value.slice(0, 60)}`);
      if (/[^a-z0-9:._-]/i.test(a.name)) faults.push(`${tag} attribute ${a.name.slice(0, 60)}`);
      if (/^(href|action|src|data|poster|xlink:href)$/i.test(a.name)) {
        let url;
        try {
          url = new URL(a.value, location);
        } catch {
          continue;
        }
        if (!/^(https?|mailto|tel):$/.test(url.protocol)) faults.push(`${tag} ${a.name}=${a.value.slice(0, 60)}`);
        if (tag === "FORM" && !ours.has(url.host)) faults.push(`FORM to ${url.host}`);
      }
    }
  }
  return faults;
}

// Each block marked data-at must hold its text as text: between tags, in an attribute or in a field.
function missing(texts) {
  const faults = [];
  const flat = (s) => s.replace(/\r\n?/g, "\n").replace(/[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "\ufffd");
  const loose = (s) => flat(s).replace(/\s+/g, " ").trim();
  let seen = 0;
  for (const block of document.querySelectorAll("[data-at]")) {
    seen += 1;
    const wanted = flat(texts[Number(block.dataset.n)]);
    const values = [block.textContent];
    for (const e of block.querySelectorAll("*")) {
      for (const a of e.attributes) values.push(a.value);
      if ("value" in e) values.push(String(e.value));
    }
    // An address that is not trusted is written as "#".
    if (block.dataset.at === "address") values.push(...(block.querySelector("a").getAttribute("href") === "#" ? [wanted] : []));
    if (!values.some((v) => flat(v).includes(wanted) || loose(v).includes(loose(wanted)))) faults.push(`${block.dataset.at} ${block.dataset.n}: ${wanted.slice(0, 80)}`);
  }
  return { faults, seen };
}

let blocks = 0;
let pages = 0;
async function look(page, { texts } = {}) {
  pages += 1;
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const { ran, violated } = await page.evaluate(() => ({ ran: globalThis.ran, violated: globalThis.violated }));
  const where = page.url().slice(0, 200);
  expect(ran.length === 0, `ran at ${where}: ${ran.map((n) => all[n]).join("\n")}`);
  expect(violated.length === 0, `violations at ${where}: ${violated.slice(0, 5).join("\n")}`);
  const strange = await page.evaluate(foreign);
  expect(strange.length === 0, `markup from a text at ${where}: ${strange.slice(0, 8).join("\n")}`);
  if (texts) {
    const { faults, seen } = await page.evaluate(missing, texts);
    expect(seen > 0, "no block on the page");
    blocks += seen;
    expect(faults.length === 0, `${faults.length} texts are not on the page as text:\n${faults.slice(0, 8).join("\n")}`);
  }
}

const server = await serve();
const browser = await launch();
let code = 1;
try {
  const open = async () => {
    const context = await browser.newContext({ baseURL: server.url, viewport: { width: 1280, height: 900 }, locale: "en-GB" });
    context.setDefaultTimeout(20_000);
    await context.addInitScript(watch);
    const page = await context.newPage();
    page.told = [];
    page.on("dialog", (d) => (page.told.push(`dialog ${d.message()}`), d.dismiss()));
    page.on("pageerror", (e) => page.told.push(`error ${e}`));
    page.on("console", (m) => /Content Security Policy|Trusted ?Type|Refused to/i.test(m.text()) && page.told.push(m.text()));
    return page;
  };
  const silent = (page) => expect(page.told.length === 0, page.told.slice(0, 5).join("\n"));
  const counted = async () => Number(await (await fetch(`${server.url}/counted`)).text());

  await test(`there are at least 500 hostile texts (${all.length})`, () => expect(all.length >= 500, `${all.length}`));

  await test("every text in every position of every component stands there as text, and nothing runs", async () => {
    const step = 20;
    const work = Array.from({ length: Math.ceil(all.length / step) }, (_, n) => n * step);
    const one = async () => {
      const page = await open();
      for (let from = work.shift(); from !== undefined; from = work.shift()) {
        await page.goto(`/positions?from=${from}&to=${from + step}`);
        await look(page, { texts: all });
      }
      silent(page);
    };
    await Promise.all([one(), one()]);
    console.log(`     ${all.length} texts, ${blocks / all.length} positions each: ${blocks} looked at`);
  });

  await test("the shell of a page, with the text in its title, names, notes and navigation", async () => {
    const page = await open();
    for (const text of some(all, 100)) {
      await page.goto(`/shell/${all.indexOf(text)}`);
      await look(page);
      const flat = (s) => s.replace(/[\u0000-\u0020\u007f\ufffd]+/g, " ").trim();
      const shown = flat(await page.evaluate(() => document.documentElement.textContent));
      expect(shown.includes(flat(text)), `not shown: ${text}`);
      expect(flat(await page.evaluate(() => document.title)).includes(flat(text)), `not in the title: ${text}`);
    }
    silent(page);
  });

  await test("the address itself, in its path and its query", async () => {
    const page = await open();
    for (const text of some(all, 60)) {
      const path = encodeURIComponent(text.replaceAll("/", "∕").replace(/[\u0000-\u001f]/g, ""));
      await page.goto(`/echo/${path}?q=${encodeURIComponent(text)}`);
      await look(page);
      const response = await page.goto(`/${path}?q=${encodeURIComponent(text)}`);
      expect(response.status() === 404, `status ${response.status()}`);
      await look(page);
    }
    silent(page);
  });

  await test("pages of the application, whose agencies, people and children have such names", async () => {
    const page = await open();
    let visited = 0;
    for (const who of ["m.brennan", "a.rahman"]) {
      await page.context().clearCookies();
      await page.goto("/sign-in");
      await look(page);
      await page.locator(`button[value="${who}"]`).click();
      await page.locator("h1").waitFor();
      const queue = ["/"];
      const met = new Set(queue);
      const kinds = new Map();
      while (queue.length > 0 && visited < 120) {
        const path = queue.shift();
        const response = await page.goto(path);
        if (!response || response.status() >= 500) throw new Error(`${path} answered ${response?.status()}`);
        visited += 1;
        await look(page);
        const links = await page.evaluate(() => [...document.querySelectorAll("a[href]")].map((a) => a.href));
        for (const link of links) {
          const url = new URL(link);
          if (url.origin !== server.url || url.pathname.startsWith("/assets/") || /\/echo|\/sign-out|\.(csv|pdf|json)$/.test(url.pathname)) continue;
          const key = url.pathname + url.search;
          // At most a few pages of one shape: ids are as good as each other.
          const shape = url.pathname.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ":id");
          if (met.has(key) || (kinds.get(shape) ?? 0) >= 6) continue;
          met.add(key);
          kinds.set(shape, (kinds.get(shape) ?? 0) + 1);
          queue.push(key);
        }
      }
    }
    expect(visited > 25, `only ${visited} pages`);
    console.log(`     ${visited} pages of the application`);
    silent(page);
  });

  await test("what is typed into forms: kept drafts, refused forms, searches and sent concerns", async () => {
    const page = await open();
    await page.goto("/sign-in");
    await page.locator('button[value="m.brennan"]').click();
    await page.locator("h1").waitFor();
    for (const text of some(all.filter((p) => !/[\u0000-\u001f]/.test(p)), 12)) {
      await page.goto("/concerns/new");
      const fields = await page.locator("textarea:visible, input[type=text]:visible").all();
      for (const field of fields) await field.fill(text);
      await page.locator("main form button[type=submit]").first().click();
      await page.waitForLoadState();
      await look(page);
      const draft = page.url().match(/\/concerns\/drafts\/[^/?]+/)?.[0];
      expect(draft && fields.length > 0, `no draft at ${page.url()}`);
      await page.goto(`${draft}/what`);
      await look(page);
      const kept = await page.evaluate(() => [...document.querySelectorAll("textarea, input[type=text]")].map((e) => e.value.trim()));
      expect(kept.includes(text.trim()), `the draft does not hold ${text}: ${kept}`);
      await page.goto(`/search?q=${encodeURIComponent(text)}&given_name=${encodeURIComponent(text)}&family_name=${encodeURIComponent(text)}`);
      await look(page);
    }
    silent(page);
  });

  await test("the browser has reported no violation", async () => expect((await counted()) === 0, `${await counted()} reports`));

  // The test must be able to fail: the same text as markup is found, and the policy stops it.
  await test("a text that a page writes as markup is found", async () => {
    const page = await open();
    let found = 0;
    let stopped = 0;
    for (const text of ["<img src=x onerror=w(", "<svg onload=w(", "<script>w("]) {
      const n = all.findIndex((p) => p.startsWith(text));
      await page.goto(`/planted/${n}`);
      await page.waitForTimeout(200);
      if ((await page.evaluate(foreign)).length > 0) found += 1;
      stopped += (await page.evaluate(() => globalThis.violated.length)) > 0 ? 1 : 0;
      expect((await page.evaluate(() => globalThis.ran.length)) === 0, "the policy did not stop it");
    }
    expect(found === 3 && stopped === 3, `found ${found}, stopped ${stopped} of 3`);
    // Where scripts may run, the watch hears them.
    const loose = await browser.newContext({ baseURL: server.url, bypassCSP: true });
    await loose.addInitScript(watch);
    const bare = await loose.newPage();
    await bare.goto(`/planted/${all.findIndex((p) => p.startsWith("<img src=x onerror="))}`);
    await bare.waitForTimeout(300);
    expect((await bare.evaluate(() => globalThis.ran.length)) > 0, "the watch does not hear what runs");
  });

  await test("the browser reports what the policy stopped", async () => {
    for (let n = 0; n < 40 && (await counted()) === 0; n += 1) await new Promise((done) => setTimeout(done, 250));
    expect((await counted()) > 0, "no report came");
  });
  console.log(`     ${pages} pages looked at`);
  code = closing();
} finally {
  await browser.close();
  server.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(code);
