// What keeps people straight and in reach: looks that seem wrong and their answers, who looked last and what is new, who to
// ring, and a worry that is talked through before it is a concern.
import { FRONT_DOOR } from "./journey.mjs";
import { expect, test, Visitor } from "./lib.mjs";

const PRIVACY = "Peter Whitlock";
const NURSERY = "Farida Begum";
const WORKER = "Amina Rahman";

const wrong = (page) => page.getByText("There is a problem").count().then((n) => n === 1);

async function firstChild(v) {
  await v.page.goto("/inbox");
  await v.page.locator("main tbody tr a").first().click();
  return v.page.getByRole("link", { name: "Open the child’s chronology" }).evaluate((a) => a.href);
}

export async function oversight(browser, url, options) {
  const mode = options.js === false ? "without scripts" : options.axe ? "with axe" : "with scripts";
  const v = await Visitor.make(browser, url, options);
  const { page } = v;
  const searcher = options.js === false ? "Hanna Lindqvist" : "Joshua Mensah";

  await test(`many searches that open nothing are told to the privacy officer, and answered, ${mode}`, async () => {
    await v.signIn(PRIVACY);
    await page.goto("/access/looks");
    await v.state(options.js === false ? "looks-before" : "looks-empty");
    await v.signIn(searcher);
    for (let n = 0; n < 26; n += 1) {
      await page.goto("/children");
      await page.locator("#name").fill(`Somebody Nobody${n}`);
      await page.locator("main").getByRole("button", { name: "Search" }).click();
    }
    await v.signIn(PRIVACY);
    await page.getByRole("link", { name: "Access", exact: true }).click();
    await page.getByRole("link", { name: "Looks that seem wrong" }).click();
    expect((await v.heading()) === "Looks that seem wrong", await v.heading());
    await v.state("looks");
    await page.getByRole("link", { name: new RegExp(`^Answer.*searches.*${searcher}`) }).first().click();
    await v.state("look");
    await v.press("Save the answer");
    expect(await wrong(page), "it was answered without a reason");
    await v.state("look-error");
    await page.getByLabel("To be taken up").check();
    await page.getByLabel("Why?", { exact: true }).fill("I ask their manager on Monday.");
    await v.press("Save the answer");
    expect((await page.getByRole("link", { name: /^Read it/ }).count()) >= 1, "it is not kept");
    await v.state("looks-answered");
  });

  await test(`each child says who to ring, and somebody says how they are reached, ${mode}`, async () => {
    await v.signIn(FRONT_DOOR);
    const child = await firstChild(v);
    await page.goto(child);
    await page.getByRole("link", { name: "Who do I ring?" }).click();
    expect((await v.heading()) === "Who do I ring?", await v.heading());
    await v.state("ring");
    await v.signIn(WORKER);
    await page.goto("/my/contact");
    await v.state("contact");
    await page.getByLabel("Telephone number at work").fill("by letter");
    await v.press("Save");
    expect(await wrong(page), "a number that is none was taken");
    await v.state("contact-error");
    await page.getByLabel("Telephone number at work").fill("01632 960 101");
    await v.press("Save");
    expect((await page.getByText("It is saved.").count()) === 1, "it does not say that it is saved");
  });

  await test(`coming back, a child’s page says what is new since, and a manager sees who looked last, ${mode}`, async () => {
    await v.signIn(FRONT_DOOR);
    const child = await firstChild(v);
    await page.goto(child);
    await v.signIn(FRONT_DOOR);
    await page.goto(child);
    expect((await page.getByText(/since you last looked/).count()) === 1, "nothing says what is new");
    await v.signIn("Sunita Iyer");
    await page.goto(child);
    await page.getByText(/^Who looked last/).click();
    expect((await page.getByRole("link", { name: "Everybody who has looked, and why" }).count()) === 1, "no way to all looks");
    await page.evaluate(() => document.activeElement.blur()); // the focus is nowhere, as when the page is opened
    await v.state("child-last-looks");
  });

  await test(`a worry is talked through, answered, and raised with what was typed, ${mode}`, async () => {
    const worry = `Category and code only, ${mode}.`;
    await v.signIn(NURSERY);
    await page.getByRole("link", { name: /Talk it through/ }).click();
    await v.state("advice");
    await page.getByRole("button", { name: "Talk a worry through" }).click();
    await v.state("advice-new");
    await v.press("Ask for advice");
    expect(await wrong(page), "nothing was typed and it was taken");
    await v.state("advice-new-error");
    await page.getByLabel("What are you worried about?").fill(worry);
    await page.getByLabel("The front door", { exact: true }).check();
    await v.press("Ask for advice");
    await v.state("advice-asked");
    const asked = page.url();
    await v.signIn(FRONT_DOOR);
    await page.getByRole("link", { name: /for your advice/ }).click();
    await v.state("advice-inbox");
    await page.goto(asked);
    await v.press("Send the advice");
    expect(await wrong(page), "no advice was taken");
    await v.state("advice-answer-error");
    await page.getByLabel("Raise it as a concern now").check();
    await page.getByLabel("What do you say to them?").fill("Raise it today, and ring me.");
    await v.press("Send the advice");
    expect((await page.getByText("Raise it today, and ring me.").count()) === 1, "the advice is not shown");
    await v.signIn(NURSERY);
    await page.goto(asked);
    await v.state("advice-answered");
    await v.press("Raise this as a concern");
    expect((await page.locator("textarea").inputValue()) === worry, "what was typed is not kept");
  });
  expect(v.faults.length === 0, v.faults.join("\n"));
  await v.close();
}
