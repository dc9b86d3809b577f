// The pages in a real Chromium. Prints a line for each test and ends with "N passed, N failed"; exit 1 where one failed.
//
//   WAYMARK=build/release/waymark WAYMARK_SHOTS=DIR node tests/browser/run.mjs
//   WAYMARK_PICTURES=docs/images ./test --only browser      makes the pictures of the documents anew
//
// Every flow is gone twice: with scripts, by pointer, each page looked at by axe; and without scripts, by the keyboard alone.
// A concern's way goes a third time, with scripts and by the keyboard alone.
import { adding } from "./adding.mjs";
import { around } from "./around.mjs";
import { journey } from "./journey.mjs";
import { assessing } from "./assessing.mjs";
import { classifying } from "./classify.mjs";
import { consulting } from "./consult.mjs";
import { closing, launch, serve, validMarkup } from "./lib.mjs";
import { sessions } from "./sign_in.mjs";
import { working } from "./working.mjs";
import { access } from "./access.mjs";
import { meetings } from "./meetings.mjs";
import { oversight } from "./oversight.mjs";
import { separate } from "./separate.mjs";
import { telling } from "./telling.mjs";
import { triaging } from "./triage.mjs";
import { weights } from "./weight.mjs";
import { badInput, drafts, keyboard, otherPages, pairs, parted } from "./states.mjs";

const server = await serve();
const browser = await launch();
let code = 1;
try {
  await weights(browser, server.url); // of the demonstration as it begins
  await journey(browser, server.url, "axe", { axe: true });
  await journey(browser, server.url, "scripts", { js: true, keys: true });
  await journey(browser, server.url, "plain", { js: false, keys: true });
  await badInput(browser, server.url, { axe: true });
  await badInput(browser, server.url, { js: false, keys: true });
  await drafts(browser, server.url, { js: true });
  await drafts(browser, server.url, { js: false, keys: true });
  await keyboard(browser, server.url);
  await pairs(browser, server.url, { axe: true });
  await pairs(browser, server.url, { js: false, keys: true });
  await pairs(browser, server.url, { js: true });
  await adding(browser, server.url, { axe: true });
  await adding(browser, server.url, { js: false, keys: true });
  await around(browser, server.url, { axe: true });
  await around(browser, server.url, { js: false, keys: true });
  await working(browser, server.url, { axe: true });
  await working(browser, server.url, { js: false, keys: true });
  await telling(browser, server.url, { axe: true });
  await telling(browser, server.url, { js: false, keys: true });
  await meetings(browser, server.url, { axe: true });
  await meetings(browser, server.url, { js: false, keys: true });
  await assessing(browser, server.url, { axe: true });
  await assessing(browser, server.url, { js: false, keys: true });
  await triaging(browser, server.url, { axe: true });
  await triaging(browser, server.url, { js: false, keys: true });
  await classifying(browser, server.url, { axe: true });
  await classifying(browser, server.url, { js: false, keys: true });
  await separate(browser, server.url, { axe: true });
  await separate(browser, server.url, { js: false, keys: true });
  await consulting(browser, server.url, { axe: true });
  await consulting(browser, server.url, { js: false, keys: true });
  await parted(browser, server.url);
  await access(browser, server.url, { axe: true });
  await access(browser, server.url, { js: false, keys: true });
  await oversight(browser, server.url, { axe: true });
  await oversight(browser, server.url, { js: false, keys: true });
  await otherPages(browser, server.url);
  await sessions(browser, server.url, { axe: true });
  await sessions(browser, server.url, { js: false, keys: true });
  await validMarkup();
  code = closing();
} finally {
  await browser.close();
  await server.stop();
}
process.exit(code);
