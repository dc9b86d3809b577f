// Nothing typed is lost: seeded trials in a real Chromium. In each somebody types into a form, something goes wrong while
// they type, and what the record then holds is compared with what had been typed two seconds before.
//
//   node tests/browser/kept.mjs [TRIALS [SEED]]      ends with "N passed, N failed"
import { closing, expect, launch, serve, test, Visitor } from "./lib.mjs";

const trials = Number(process.argv[2] ?? 100);
const seed = Number(process.argv[3] ?? 1);
const AT_ONCE = 10; // who type at the same time, each in a browser context of their own
const KEPT_WITHIN = 2000; // milliseconds

function dice(state) {
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return { below: (n) => Math.floor(next() * n), one: (list) => list[Math.floor(next() * list.length)] };
}
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const WORDS = ["category", "code", "noted", "é", "“quoted”", "A&E", "50%", "a+b", "<b>", "school", "home", "\\n", "Ŵ", "日", "1/2"];

// ---- Forms that keep what is typed --------------------------------------------------------------------------------
const forms = {
  concern: {
    who: ["Elena Vásquez", "Farida Begum", "Bethan Hughes"],
    async open({ page }) {
      await page.goto("/concerns/new");
      return page.getByLabel("What did you see or hear?");
    },
    keep: "Continue",
  },
  child: {
    who: ["Elena Vásquez", "Farida Begum", "Bethan Hughes"],
    async open(v) {
      await v.page.goto("/concerns/new");
      await v.page.goto(v.page.url().replace(/what$/, "children/1"));
      return v.page.getByLabel("First name or nickname");
    },
    keep: "Continue",
  },
  entry: {
    who: ["Maeve Brennan"],
    async open({ page }) {
      await page.goto("/inbox");
      await page.locator("main tbody tr a").first().click();
      await page.getByRole("link", { name: "Open the child’s chronology" }).click();
      await page.getByRole("link", { name: "Add to the record" }).click();
      await page.getByRole("link", { name: "Strategy discussion held" }).click();
      return page.getByLabel("Notes (optional)");
    },
    keep: "Save and finish later",
  },
};

// ---- One trial ------------------------------------------------------------------------------------------------------
class Trial {
  constructor(number, { browser, url, calamity, js }) {
    const roll = dice(seed * 1_000_003 + number);
    const form = calamity === "sent twice" ? "entry" : roll.one(Object.keys(forms));
    Object.assign(this, { number, browser, url, calamity, js, roll, form, person: roll.one(forms[form].who), log: [] });
  }
  get name() {
    return `${this.number}: ${this.form}, ${this.calamity}${this.js ? "" : ", without scripts"}`;
  }
  async begin() {
    this.visitor = await Visitor.make(this.browser, this.url, { js: this.js });
    await this.visitor.signIn(this.person);
    this.field = await forms[this.form].open(this.visitor);
    this.address = this.visitor.page.url();
  }
  // Types for about `ms`, in bursts, and notes when what stood in the field.
  async type(ms) {
    const until = Date.now() + ms;
    let text = await this.field.inputValue();
    while (Date.now() < until) {
      const word = this.roll.one(this.form === "child" ? WORDS.filter((w) => w !== "\\n") : WORDS) + " ";
      await this.field.pressSequentially(word.replace("\\n", this.form === "child" ? "" : "x"), { delay: 5 + this.roll.below(40) });
      text = await this.field.inputValue();
      this.log.push({ at: Date.now(), text });
      if (this.roll.below(6) === 0) await pause(this.roll.below(1200));
    }
    this.typed = text;
  }
  // What must be on the server of what was typed, when something goes wrong at `moment`.
  due(moment) {
    return this.log.filter(({ at }) => at <= moment - KEPT_WITHIN).at(-1)?.text ?? "";
  }
  // What the same person finds at the same address, in another browser.
  async found() {
    const other = await Visitor.make(this.browser, this.url, { js: false });
    await other.signIn(this.person);
    await other.page.goto(this.address);
    const field = { concern: "What did you see or hear?", child: "First name or nickname", entry: "Notes (optional)" }[this.form];
    const value = await other.page.getByLabel(field).inputValue();
    await other.close();
    return value;
  }
  async expectKept(moment) {
    const found = await this.found();
    const due = this.due(moment);
    expect(found.startsWith(due.trimEnd()), `lost: ${due.length} letters were due, ${found.length} were found\n"${due}"\n"${found}"`);
    expect(this.typed.startsWith(found.trimEnd()), `found what was never typed:\n"${found}"\n"${this.typed}"`);
  }
  async expectWhole(wait = 12_000) {
    const until = Date.now() + wait;
    let found;
    do {
      found = await this.found();
      if (found.trimEnd() === this.typed.trimEnd()) return;
      await pause(300);
    } while (Date.now() < until);
    expect(false, `not all is kept:\n"${found}"\n"${this.typed}"`);
  }
  async elsewhere(act) {
    const page = await this.visitor.context.newPage();
    await act(page);
    await page.close();
  }
  close() {
    return this.visitor?.context.close();
  }
}

const signOut = (t) =>
  t.elsewhere(async (page) => {
    await page.goto("/");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "You are signed out" }).waitFor();
  });
const signInAgain = (t) =>
  t.elsewhere(async (page) => {
    await page.goto("/sign-in");
    await page.getByRole("button", { name: new RegExp(`^${t.person} `) }).click();
    await page.getByRole("heading", { name: "My day" }).waitFor();
  });

// ---- What goes wrong --------------------------------------------------------------------------------------------------
const calamities = {
  async "the browser crashes"(t) {
    await t.type(2500 + t.roll.below(2500));
    const cdp = await t.visitor.context.newCDPSession(t.visitor.page);
    const moment = Date.now();
    cdp.send("Page.crash").catch(() => {});
    await pause(300);
    await t.close();
    await t.expectKept(moment);
  },
  async "the page is left by the back button"(t) {
    await t.type(1500 + t.roll.below(2000));
    const moment = Date.now();
    await t.visitor.page.goBack();
    await t.expectKept(moment);
    await t.visitor.page.goForward();
    t.field = await fieldOf(t);
    expect((await t.field.inputValue()).startsWith(t.due(moment).trimEnd()), "the page that is come back to has lost it");
  },
  async "the page is loaded again"(t) {
    await t.type(1500 + t.roll.below(2000));
    const moment = Date.now();
    await t.visitor.page.reload();
    t.field = await fieldOf(t);
    const shown = await t.field.inputValue();
    expect(shown.startsWith(t.due(moment).trimEnd()), `lost: "${shown}"`);
    await t.expectKept(moment);
  },
  async "the session ends before it is sent"(t) {
    await t.type(1000 + t.roll.below(1500));
    await t.visitor.context.clearCookies();
    await t.type(1000 + t.roll.below(1500));
    await send(t);
    const { page } = t.visitor;
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.getByRole("button", { name: new RegExp(`^${t.person} `) }).click();
    await t.visitor.press("Carry on where you were");
    await t.expectWhole();
  },
  async "signed out and in again in another tab"(t) {
    await t.type(1000 + t.roll.below(1500));
    await signOut(t);
    await t.type(500 + t.roll.below(1000));
    await signInAgain(t);
    await t.type(500 + t.roll.below(1000));
    await t.expectWhole();
  },
  async "signed out and in again in another tab, then sent"(t) {
    await t.type(1000 + t.roll.below(1500));
    await signOut(t);
    await signInAgain(t);
    await t.type(300 + t.roll.below(500));
    await send(t);
    if (await t.visitor.page.getByRole("button", { name: "Carry on where you were" }).count())
      await t.visitor.press("Carry on where you were");
    await t.expectWhole();
  },
  async "sent twice"(t) {
    await t.type(1000 + t.roll.below(1000));
    const { page } = t.visitor;
    await page.getByRole("group", { name: /Who took part/ }).getByRole("checkbox").first().check();
    const csrf = await page.locator("form[data-draft-url] input[name=csrf]").inputValue();
    const body = await page.locator("form[data-draft-url]").evaluate((form) => new URLSearchParams(new FormData(form)).toString());
    const post = () =>
      page.request.post(t.address, { data: body, maxRedirects: 0, headers: { "content-type": "application/x-www-form-urlencoded" } });
    expect(csrf !== "" && body.includes("f-text="), `nothing to send: ${body}`);
    const answers = await Promise.all([post(), post(), post()]);
    const places = new Set(answers.map((answer) => (answer.headers().location ?? `status ${answer.status()}`).split("?")[0]));
    expect(places.size === 1 && [...places][0].startsWith("/entries/"), `not one entry: ${[...places].join(" ")}`);
  },
};
// Of all that type at once the server is taken away by one blow, and comes back.
async function powerCut(wave, server) {
  const typing = wave.map((t) => t.type(3500));
  await pause(1500 + dice(seed + wave[0].number).below(1500));
  const moment = Date.now();
  await server.kill();
  await pause(500);
  await server.again();
  await Promise.all(typing);
  return moment;
}

async function fieldOf(t) {
  const label = { concern: "What did you see or hear?", child: "First name or nickname", entry: "Notes (optional)" }[t.form];
  const field = t.visitor.page.getByLabel(label);
  await field.waitFor();
  return field;
}
const send = (t) => t.visitor.press(forms[t.form].keep);

// ---- Waves ------------------------------------------------------------------------------------------------------------
const WITHOUT_SCRIPTS = ["the session ends before it is sent", "sent twice", "signed out and in again in another tab, then sent"];

async function wave(browser, server, from, count) {
  const names = Object.keys(calamities);
  const cut = dice(seed * 31 + from).below(4) === 0 || from === 0;
  const all = Array.from({ length: count }, (_, i) => {
    const roll = dice(seed * 7_919 + from + i);
    const calamity = cut ? "the server is killed" : roll.one(names);
    const js = !WITHOUT_SCRIPTS.includes(calamity) || roll.below(3) > 0;
    return new Trial(from + i, { browser, url: server.url, calamity, js });
  });
  const begun = await Promise.allSettled(all.map((t) => t.begin()));
  const moment = cut ? await powerCut(all.filter((_, i) => begun[i].status === "fulfilled"), server) : 0;
  await Promise.all(
    all.map((t, i) =>
      test(t.name, async () => {
        try {
          if (begun[i].status === "rejected") throw begun[i].reason;
          if (!cut) return await calamities[t.calamity](t);
          await t.expectKept(moment);
          await t.expectWhole();
        } finally {
          await t.close();
        }
      }),
    ),
  );
}

const server = await serve();
const browser = await launch();
let code = 1;
try {
  for (let from = 0; from < trials; from += AT_ONCE) await wave(browser, server, from, Math.min(AT_ONCE, trials - from));
  code = closing();
} finally {
  await browser.close();
  await server.stop();
}
process.exit(code);
