// Telling and not telling: agencies are asked what they hold and answer, a decision not to share waits for its day, sharing
// has a basis, and a decision is challenged and answered.
import { FRONT_DOOR } from "./journey.mjs";
import { expect, test, Visitor } from "./lib.mjs";

const HEALTH = "Yi Chen";
const MANAGER = "Sunita Iyer";
const CODE = "Category and code only.";

async function day(page, legend, { day, month, year }) {
  const group = page.getByRole("group", { name: legend });
  await group.getByLabel("Day").fill(String(day));
  await group.getByLabel("Month").fill(String(month));
  await group.getByLabel("Year").fill(String(year));
}
const inDays = (n) => {
  const then = new Date(Date.now() + n * 86_400_000);
  return { day: then.getDate(), month: then.getMonth() + 1, year: then.getFullYear() };
};

export async function telling(browser, url, options) {
  const mode = options.js === false ? "without scripts" : "with axe";
  const front = await Visitor.make(browser, url, options);
  const health = await Visitor.make(browser, url, options);
  const manager = await Visitor.make(browser, url, options);
  const { page } = front;
  const wrong = (v) => v.page.getByText("There is a problem").count().then((n) => n === 1);
  let child;

  await test(`agencies are asked what they hold, those that must meet chosen already, ${mode}`, async () => {
    await front.signIn(FRONT_DOOR);
    await page.goto("/inbox");
    await page.locator("main tbody tr a").nth(2).click();
    await page.getByRole("link", { name: "Ask agencies and see their answers" }).click();
    child = page.url();
    await front.state("telling");
    await page.getByRole("button", { name: "Ask agencies what they hold" }).click();
    expect(await page.getByLabel("Northbay Police", { exact: true }).isChecked(), "the police are not chosen");
    expect(!(await page.getByLabel("Open Door Children’s Project", { exact: true }).isChecked()), "the project is chosen");
    await front.state("checks-ask");
    await front.press("Send the question");
    expect(await wrong(front), "a question without words was sent");
    await page.getByLabel("What do you need to know?").fill(CODE);
    await front.press("Send the question");
    expect(page.url() === child, `at ${page.url()}`);
    expect((await page.getByText(/0 of 4 answered/).count()) >= 1, "nothing says who has answered");
    await front.state("telling-asked");
  });

  await test(`an agency answers from My day on one page, and sees the name and the question only, ${mode}`, async () => {
    await health.signIn(HEALTH);
    await health.state("home-health");
    await health.page.getByRole("link", { name: /what does your agency hold/ }).first().click();
    await health.state("check-answer");
    await health.press("Send the answer");
    expect(await wrong(health), "an empty answer was sent");
    await health.page.getByLabel("Yes", { exact: true }).check();
    await health.page.getByLabel("What does your agency hold?").fill(CODE);
    await health.press("Send the answer");
    await health.page.getByRole("heading", { name: "Your agency has answered" }).waitFor();
    await health.state("check-answered");
  });

  await test(`a decision not to share needs a reason and a day, and waits for its review, ${mode}`, async () => {
    await page.goto(child);
    await page.getByRole("button", { name: "Record a decision not to share" }).click();
    await front.state("not-shared");
    await front.press("Record the decision");
    expect(await wrong(front), "an empty decision was taken");
    await front.state("not-shared-error");
    await page.getByLabel("Which agency asked?").selectOption({ label: "Open Door Children’s Project" });
    await page.getByLabel("What did they ask for?").fill(CODE);
    await page.getByLabel("It is not needed for the purpose that was given").check();
    await page.getByLabel("Explain it").fill(CODE);
    await day(page, /on which day/i, inDays(10));
    await front.press("Record the decision");
    expect(page.url() === child, `at ${page.url()}`);
    await page.getByRole("link", { name: /^Review/ }).first().click();
    await front.state("not-shared-review");
    await page.getByLabel("Keep it: it is still not shared").check();
    await day(page, /on which day/i, inDays(20));
    await page.getByLabel("Why?", { exact: true }).fill(CODE);
    await front.press("Save the review");
    expect(page.url() === child, `at ${page.url()}`);
    await page.goto("/");
    expect((await page.getByText(/decision not to share, by Maeve Brennan/).count()) >= 1, "My day does not have it");
  });

  await test(`sharing says on what basis, and refuses with help where none is written down, ${mode}`, async () => {
    await page.goto(child);
    await page.getByRole("button", { name: "Share information" }).click();
    await page.getByLabel("With whom?").selectOption({ label: "Harbour Lane Nursery" });
    await page.getByLabel("What for?").selectOption({ label: "An investigation, proceedings or an order" });
    await page.getByLabel("What is it about?").selectOption({ label: "Plans and their reviews" });
    await front.press("May I share it?");
    expect((await page.getByText("There is no basis written down for this").count()) === 1, "it was not refused");
    await front.state("share-refused");
    await page.getByLabel("What for?").selectOption({ label: "To safeguard a child" });
    await front.press("May I share it?");
    expect((await page.getByRole("heading", { name: "You may share this" }).count()) === 1, "it was refused");
    await front.state("share-may");
    await page.getByLabel("What exactly do you share?").fill(CODE);
    await page.getByRole("group", { name: "Has the child or the family been told?" }).getByLabel("Yes", { exact: true }).check();
    await front.press("Record that you shared it");
    expect(page.url() === child, `at ${page.url()}`);
    expect((await page.getByText(/ca-2004-16e/).count()) >= 1, "the basis is not shown");
  });

  await test(`a decision is challenged, and who owes the reply answers from My day, ${mode}`, async () => {
    await page.goto(child);
    await page.getByRole("link", { name: /^I disagree/ }).first().click();
    await front.state("disagree");
    await front.press("Send");
    expect(await wrong(front), "an empty challenge was sent");
    await page.getByLabel("Information not shared").check();
    await page.getByLabel("What do you ask for, and why?").fill(CODE);
    await front.press("Send");
    expect((await front.heading()) === "Disagreement", await front.heading());
    expect((await page.getByText("Stage 1: Practitioner to practitioner").count()) === 1, "no stage is shown");
    await front.state("challenge");
    const challenge = page.url();
    await manager.signIn(MANAGER);
    await manager.state("home-manager");
    await manager.page.goto(challenge);
    await manager.page.getByLabel("Partly agreed").check();
    await manager.page.getByLabel("Why?", { exact: true }).fill(CODE);
    await manager.press("Send the answer");
    await page.goto(challenge);
    expect((await page.getByText("Challenge answered: Partly agreed").count()) === 1, "the answer is not there");
    await front.state("challenge-answered");
  });
  for (const v of [front, health, manager]) await v.close();
}
