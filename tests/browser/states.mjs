// Pages outside the journey, bad input, drafts and the keyboard.
import { child, describeChild, FRONT_DOOR, NURSERY, raise, SCHOOL } from "./journey.mjs";
import { SECOND } from "./access.mjs";
import { expect, tabsTo, test, Visitor } from "./lib.mjs";

const wrong = (page) => page.getByText("There is a problem").count().then((n) => n === 1);

async function begin(visitor, text) {
  await visitor.page.goto("/concerns/new");
  if (text !== undefined) await visitor.page.getByLabel("What did you see or hear?").fill(text);
}

async function toWho(visitor) {
  await begin(visitor, "Category and code only.");
  await visitor.press("Continue");
  await visitor.page.getByLabel("Something else").check();
  await visitor.press("Continue");
}

export async function badInput(browser, url, options) {
  const mode = options.js === false ? "without scripts" : options.axe ? "with axe" : "with scripts";
  const v = await Visitor.make(browser, url, options);
  const { page } = v;
  await v.signIn(SCHOOL);

  await test(`an empty concern is told what to do, ${mode}`, async () => {
    await begin(v);
    await v.press("Continue");
    expect(await wrong(page), "it was taken");
    expect((await page.title()).startsWith("Error: "), await page.title());
    await v.state("raise-what-error");
  });
  await test(`a date in the future is refused and kept, ${mode}`, async () => {
    await begin(v, "Category and code only.");
    await v.press("Continue");
    await page.getByLabel("Year", { exact: true }).fill("2099");
    await v.press("Continue");
    expect(await wrong(page), "it was taken");
    expect((await page.locator("#on-error").innerText()).includes("today or in the past"), "the field does not say how to mend it");
    expect((await page.getByLabel("Year", { exact: true }).inputValue()) === "2099", "what was typed is lost");
    await v.state("raise-when-error");
  });
  await test(`a child born after the day that it was noticed is refused, ${mode}`, async () => {
    await toWho(v);
    const tomorrow = new Date(Date.now() + 86_400_000);
    await describeChild(v, { given: "Fen", day: String(tomorrow.getDate()), month: String(tomorrow.getMonth() + 1), year: String(tomorrow.getFullYear()) });
    expect((await page.locator("#born-error").innerText()).includes("Not born yet"), "nothing is said about an unborn child");
    expect((await page.getByLabel("First name or nickname").inputValue()) === "Fen", "what was typed is lost");
    await v.state("raise-who-error");
    await page.getByLabel("Not born yet").check();
    await v.press("Continue");
    expect(["Check and send", "Is it one of these children?"].includes(await v.heading()), await v.heading());
  });
  await test(`a nickname alone is enough, and another child can be added and removed, ${mode}`, async () => {
    await toWho(v);
    await describeChild(v, { given: "Marrow" });
    if ((await v.heading()) === "Is it one of these children?") {
      await page.getByLabel("I am not sure").check();
      await v.press("Continue");
    }
    await page.getByRole("link", { name: "Add another child" }).click();
    await v.state("raise-second-child");
    await describeChild(v, { given: "Marrowtwo" }, "Saw or heard it");
    if ((await v.heading()) === "Is it one of these children?") {
      await page.getByLabel("None of these").check();
      await v.press("Continue");
    }
    expect((await page.getByText("Child 2", { exact: true }).count()) === 1, "the second child is not there");
    await v.state("raise-check-two");
    await v.press("Remove child 2");
    expect((await page.getByText("Child 2", { exact: true }).count()) === 0, "the second child is still there");
  });
  await test(`a text of 1 MiB is refused and comes back whole, ${mode}`, async () => {
    await begin(v, "");
    const long = "x".repeat(1 << 20);
    await page.getByLabel("What did you see or hear?").evaluate((area, text) => { area.value = text; }, long);
    await v.press("Continue");
    expect(await wrong(page), "it was taken");
    expect((await page.getByLabel("What did you see or hear?").inputValue()).length === long.length, "some of it is lost");
  });
  await test(`bytes that are not UTF-8 come back to their writer, ${mode}`, async () => {
    await begin(v);
    const csrf = await page.locator("form[data-draft-url] input[name=csrf]").inputValue();
    const answer = await page.request.post(page.url(), {
      headers: { "content-type": "application/x-www-form-urlencoded" }, data: `csrf=${csrf}&summary=Seen+at+noon+%C3%28+again`,
    });
    const body = await answer.text();
    expect(answer.status() === 422 && body.includes("could not be read") && body.includes("Seen at noon") && body.includes("again"), `${answer.status()}`);
  });
  await test(`back links lose nothing, ${mode}`, async () => {
    await begin(v, "Category and code only: kept.");
    await v.press("Continue");
    await page.getByLabel("Something else").check();
    await v.press("Continue");
    await page.getByRole("link", { name: "Back", exact: true }).click();
    expect(await page.getByLabel("Something else").isChecked(), "the answer is lost");
    await page.getByRole("link", { name: "Back", exact: true }).click();
    expect((await page.getByLabel("What did you see or hear?").inputValue()) === "Category and code only: kept.", "the text is lost");
  });
  await v.close();
}

export async function drafts(browser, url, options) {
  const mode = options.js === false ? "without scripts" : "with scripts";
  await test(`a draft survives leaving the page, ${mode}`, async () => {
    const v = await Visitor.make(browser, url, options);
    await v.signIn("Bethan Hughes");
    const { page } = v;
    await begin(v);
    await page.getByLabel("What did you see or hear?").pressSequentially("Category and code only: a draft.");
    if (options.js === false) {
      await v.press("Continue");
    } else {
      await page.getByText(/^Saved /).waitFor({ timeout: 6_000 });
    }
    await page.goto("/");
    await page.getByRole("link", { name: /Carry on with the concern you began/ }).first().click();
    expect((await page.getByLabel("What did you see or hear?").inputValue()) === "Category and code only: a draft.", "the text is lost");
    await v.close();
  });
  await test(`a form sent after the session ended is carried through sign-in, ${mode}`, async () => {
    const v = await Visitor.make(browser, url, options);
    await v.signIn(SCHOOL);
    const { page } = v;
    await begin(v, "Category and code only: signed out.");
    await v.context.clearCookies();
    await v.press("Continue");
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.getByRole("button", { name: new RegExp(`^${SCHOOL} `) }).click();
    await v.press("Carry on where you were");
    await page.getByRole("heading", { name: "When and where" }).waitFor();
    await page.getByRole("link", { name: "Back", exact: true }).click();
    expect((await page.getByLabel("What did you see or hear?").inputValue()) === "Category and code only: signed out.", "the text is lost");
    await v.close();
  });
}

export async function keyboard(browser, url) {
  const v = await Visitor.make(browser, url, {});
  const { page } = v;
  await test("a concern can be raised with the keyboard alone", async () => {
    await v.signIn(SCHOOL);
    await page.goto("/concerns/new");
    await tabsTo(page, "textarea[name=summary]");
    await page.keyboard.type("Category and code only.");
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "When and where" }).waitFor();
    await tabsTo(page, "input[name=about_what]");
    await page.keyboard.press("Space");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Who is it about?" }).waitFor();
    await tabsTo(page, "input[name=given_name]");
    await page.keyboard.type("Marrowkey");
    for (let n = 0; n < 6; n += 1) await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: /Check and send|Is it one of these children/ }).waitFor();
  });
  await test("the first concern of the inbox is few tab stops away", async () => {
    await v.signIn(FRONT_DOOR);
    await page.goto("/inbox");
    await tabsTo(page, "main table a");
  });
  await v.close();
}

// Two records: looked at, decided with a reason, taken back, joined, parted, and what was written meanwhile assigned.
export async function pairs(browser, url, options) {
  const mode = options.js === false ? "without scripts" : options.axe ? "with axe" : "with scripts";
  const v = await Visitor.make(browser, url, options);
  const { page } = v;
  const answer = async (label, reason) => {
    await page.getByLabel(label).check();
    await page.getByLabel("Why?", { exact: true }).fill(reason);
    await v.press("Save the answer");
  };
  let pair;
  let count;
  const waiting = async () => {
    await page.goto("/matches");
    return page.locator("main tbody tr").count();
  };
  await test(`pairs of records wait in a list, the longest first, ${mode}`, async () => {
    await v.signIn(FRONT_DOOR);
    await page.getByRole("link", { name: "Matches to check", exact: true }).click();
    count = await page.locator("main tbody tr").count();
    expect(count >= 5, `${count} pairs wait`);
    await v.state("matches");
    await page.locator("main tbody tr").first().getByRole("link", { name: /Look at both/ }).click();
    pair = page.url();
    expect((await v.heading()) === "One person or two?", await v.heading());
  });
  await test(`a pair shows both records, the evidence as a table and drawn with the same numbers, ${mode}`, async () => {
    expect((await page.locator(".waymark-comparison").count()) === 1, "no comparison");
    const table = page.getByRole("table", { name: "What was found, and what it says" });
    const total = (await table.locator("tbody tr").last().locator("td").last().innerText()).match(/[+−]?\d+\.\d/)[0];
    const drawing = page.getByRole("img", { name: /How the evidence adds up/ });
    expect((await drawing.count()) === 1, "no drawing with a name");
    const words = await drawing.locator("text").allTextContents();
    expect(words.includes(total), `the drawing says ${words.at(-1)}, the table ${total}`);
    expect((await table.locator("tbody tr").count()) === (await drawing.locator("polygon").count()), "a row without a bar");
    await v.state("match");
  });
  await test(`an answer about a pair needs a reason, and what was chosen is kept, ${mode}`, async () => {
    await page.getByLabel("No, two people").check();
    await v.press("Save the answer");
    expect(await wrong(page), "it was taken");
    expect(await page.getByLabel("No, two people").isChecked(), "the answer is lost");
    await v.state("match-error");
    await answer("No, two people", "Two children: seen together.");
    expect((await page.getByText("Reason: Two children: seen together.").count()) >= 1, "no reason");
    expect((await page.getByText("What the engine had found then").count()) >= 1, "no evidence of then");
    await v.state("match-decided");
    expect((await waiting()) === count - 1, "it still waits");
  });
  await test(`a decision is taken back with a reason, and the pair waits again, ${mode}`, async () => {
    await page.goto(pair);
    await page.locator("summary", { hasText: "Take the decision back" }).click();
    await v.press("Take the decision back");
    expect(await wrong(page), "it was taken back without a reason");
    await v.state("match-take-back-error");
    await page.getByLabel("Why does it no longer stand?").fill("The wrong children were looked at.");
    await v.press("Take the decision back");
    expect((await page.getByText("(taken back later)").count()) === 1, "the history does not say so");
    await v.state("match-taken-back");
    expect((await waiting()) === count, "it does not wait again");
  });
  await test(`what was decided before is shown where there is news, ${mode}`, async () => {
    const news = page.locator("main tbody tr", { hasText: "There is new evidence since" });
    if (options.js === false || options.axe) expect((await news.count()) >= 1, "nothing is offered again");
    if ((await news.count()) === 0) return;
    await news.first().getByRole("link").click();
    expect((await page.getByText("The decision stands until somebody changes it").count()) === 1, "nothing says that it stands");
    await v.state("match-again");
  });
  await test(`two records joined and parted have what was written meanwhile assigned, ${mode}`, async () => {
    await page.goto(pair);
    await answer("Yes, one person", "A second name: asked the school.");
    expect((await page.getByText("Nothing changes until a second person says the same").count()) === 1, "nobody else is asked");
    await v.state("match-waiting");
    await v.signIn(SECOND);
    await page.goto(pair);
    await answer("Yes, one person", "I asked the school too.");
    expect((await page.getByText("The two records are joined").count()) === 1, "they are not joined");
    await v.state("match-joined");
    await answer("No, two people", "It was a cousin.");
    await v.signIn(FRONT_DOOR);
    await page.goto(pair);
    await answer("No, two people", "It was a cousin.");
    await page.getByRole("link", { name: /while they were joined/ }).click();
    expect((await v.heading()) === "Records that were parted", await v.heading());
    expect((await page.getByRole("heading", { name: "What went over the link" }).count()) === 1, "nothing says what went over the link");
    await v.state("match-undone");
  });
  await v.close();
}

export async function parted(browser, url) {
  const v = await Visitor.make(browser, url, { axe: true });
  const { page } = v;
  await test("an entry written about two joined children is assigned to one with a reason", async () => {
    await v.signIn(FRONT_DOOR);
    await page.goto("/children");
    await page.goto(await partedPair(page));
    await v.state("undone");
    await page.getByRole("button", { name: "Assign entry 1" }).click();
    expect(await wrong(page), "it was assigned without a reason");
    await v.state("undone-error");
    await page.getByRole("group", { name: "Whose is entry 1?" }).getByRole("radio").last().check();
    await page.getByLabel(/How do you know\? Entry 1/).fill("The visit sheet has the name.");
    await page.getByRole("button", { name: "Assign entry 1" }).click();
    expect((await page.getByText("Every entry is assigned").count()) === 1, "it still waits");
    await v.state("undone-assigned");
  });
  await v.close();
}

// The demonstration parted one child's two records: the visit about both leads there.
async function partedPair(page) {
  await page.goto("/inbox");
  const children = await page.locator("main tbody tr a").evaluateAll((links) => links.map((a) => a.href));
  for (const desk of children) {
    await page.goto(desk);
    await page.getByRole("link", { name: "Open the child’s chronology" }).click();
    const matches = page.url() + "/matches";
    await page.goto(matches);
    const link = page.getByRole("link", { name: /See the two records/ });
    for (const href of await link.evaluateAll((links) => links.map((a) => a.href))) {
      await page.goto(href);
      const undone = page.getByRole("link", { name: /while they were joined/ });
      if ((await undone.count()) === 1) return undone.evaluate((a) => a.href);
    }
  }
  throw new Error("no parted pair in the demonstration");
}

export async function otherPages(browser, url) {
  const v = await Visitor.make(browser, url, { axe: true });
  const { page } = v;
  await test("the other pages open", async () => {
    for (const [path, name] of [["/help", "help"], ["/accessibility", "accessibility"], ["/no-such-page", "not-found"]]) {
      await page.goto(path);
      await v.state(name);
    }
    await v.signIn(FRONT_DOOR);
    for (const [path, name, heading] of [["/manual", "manual", "Procedures manual"], ["/manual/2", "manual-chapter", null],
      ["/procedures", "procedures", null], ["/procedures/challenge", "procedure", "Professional challenge"], ["/meetings", "meetings", null]]) {
      const answer = await page.goto(path);
      expect(answer.status() === 200, `${path} answers ${answer.status()}`);
      expect(heading === null || (await v.heading()) === heading, await v.heading());
      await v.state(name);
    }
    await page.goto("/children");
    await v.state("search");
    await v.press("Search");
    expect(await wrong(page), "an empty search was made");
    await v.state("search-error");
    await page.getByLabel("Name", { exact: true }).fill("Quillfeather");
    await v.press("Search");
    expect(await wrong(page), "half the register would be found by one name");
    await page.getByLabel("Name", { exact: true }).fill("Ottolina Quilfeather");
    await v.press("Search");
    expect((await page.getByRole("link", { name: "Ottoline Quillfeather" }).count()) >= 1, "a name nearly right finds nobody");
    await v.state("search-found");
    expect(!page.url().includes("Quill"), page.url());
    await page.getByLabel("Name", { exact: true }).fill("Zzyzx Qqxqq");
    await v.press("Search");
    await v.state("search-nothing");
  });
  await test("a concern with earlier ones of several agencies is shown whole", async () => {
    await page.goto("/inbox");
    const rows = page.locator("main tbody tr");
    let best = 0;
    let most = -1;
    for (let n = 0; n < (await rows.count()); n += 1) {
      const text = await rows.nth(n).locator("[data-label='Earlier concerns']").innerText();
      if (Number.parseInt(text, 10) > most) [best, most] = [n, Number.parseInt(text, 10) || 0];
    }
    expect(most >= 1, "no concern of the demonstration has an earlier one");
    await rows.nth(best).getByRole("link").click();
    await v.state("desk-demonstration");
    await page.getByRole("link", { name: "Open the child’s chronology" }).click();
    await v.state("child-demonstration");
    await page.getByRole("link", { name: "Standing" }).click();
    await v.state("child-demonstration-standing");
  });
  await test("possible matches stand side by side, and a decision about them has a reason", async () => {
    const nursery = await Visitor.make(browser, url, {});
    await nursery.signIn(NURSERY);
    // Born on the same day with the same family name: a twin or the same child, which only a person may say.
    await raise(nursery, { ...child("axe"), given: "Peregrine" });
    await nursery.close();
    await page.goto("/inbox");
    await page.getByRole("link", { name: "Peregrine Quillfeather" }).click();
    expect((await page.locator(".waymark-comparison").count()) >= 1, "no comparison");
    await v.state("desk-matches");
    await page.getByLabel("No, a different child").first().check();
    await page.getByRole("button", { name: "Save the answer on possible match 1" }).click();
    expect(await wrong(page), "it was taken without a reason");
    await v.state("desk-match-error");
    await page.getByLabel(/Why\? Reason for possible match 1/).fill("Two children: a twin.");
    const before = await page.locator(".waymark-comparison").count();
    await page.getByRole("button", { name: "Save the answer on possible match 1" }).click();
    expect((await page.locator(".waymark-comparison").count()) < before, "it is offered again");
  });
  await v.close();
}
