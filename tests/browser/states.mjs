// Pages outside the journey, bad input, drafts and the keyboard.
import { child, describeChild, FRONT_DOOR, NURSERY, raise, SCHOOL } from "./journey.mjs";
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

export async function otherPages(browser, url) {
  const v = await Visitor.make(browser, url, { axe: true });
  const { page } = v;
  await test("the other pages open", async () => {
    for (const [path, name] of [["/help", "help"], ["/accessibility", "accessibility"], ["/no-such-page", "not-found"]]) {
      await page.goto(path);
      await v.state(name);
    }
    await v.signIn(FRONT_DOOR);
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
