// One concern from both ends: the school raises it, the front door decides with its reason and tells the school in one action,
// the school disagrees, who owes the answer gives it, and the school ends it.
import { FRONT_DOOR, SCHOOL, raise } from "./journey.mjs";
import { expect, test, Visitor } from "./lib.mjs";

const MANAGER = "Sunita Iyer";
const OTHER_DESK = "Dorota Kowalczyk";
const CODE = "Category and code only.";

export async function triaging(browser, url, options) {
  const mode = options.js === false ? "without scripts" : "with axe";
  const school = await Visitor.make(browser, url, options);
  const front = await Visitor.make(browser, url, options);
  const second = await Visitor.make(browser, url, options);
  const manager = await Visitor.make(browser, url, options);
  const { page } = front;
  const wrong = (v) => v.page.getByText("There is a problem").count().then((n) => n === 1);
  const who = options.js === false
    ? { given: "Evangeline", family: "Hollymarrow", day: "11", month: "4", year: "2013" }
    : { given: "Ferdinand", family: "Larkmarrow", day: "28", month: "7", year: "2015" };
  let receipt;
  let desk;

  await test(`a decision needs its reason; two at one desk see both, and nothing typed is lost, ${mode}`, async () => {
    await school.signIn(SCHOOL);
    ({ receipt } = await raise(school, who));
    desk = receipt.replace(/\/receipt$/, "");
    await second.signIn(OTHER_DESK);
    await second.page.goto(desk);
    await second.page.getByLabel("Early help", { exact: true }).check();
    await second.page.getByLabel("Why?", { exact: true }).fill("Typed by the second.");
    await front.signIn(FRONT_DOOR);
    await page.goto(desk);
    await page.getByLabel("Assessment", { exact: true }).check();
    await front.press("Record the decision");
    expect(await wrong(front), "a decision without a reason was taken");
    expect(await page.getByLabel("Assessment", { exact: true }).isChecked(), "what was chosen is lost");
    await front.state("desk-no-reason");
    await page.getByLabel("Why?", { exact: true }).fill(CODE);
    await front.press("Record the decision");
    await page.getByRole("heading", { name: "Concern decided", level: 1 }).waitFor();
    await second.press("Record the decision");
    expect((await second.page.getByRole("heading", { name: "What stands now" }).count()) === 1, "the second decided too");
    expect((await second.page.getByText("Typed by the second.").count()) === 1, "what the second typed is lost");
    await second.state("desk-decided-meanwhile");
  });

  await test(`the school is told in one action, and sees the outcome on its receipt, ${mode}`, async () => {
    await front.state("desk-to-tell");
    await front.press("Tell the person who raised it");
    expect((await page.getByText(/The person who raised it was told on/).count()) === 1, "nothing says that they were told");
    await school.page.goto("/");
    await school.state("home-told");
    await school.page.goto(receipt);
    expect((await school.page.getByText("You have been told what happens").count()) >= 1, "the school is not told");
    expect((await school.page.getByText("Assessment", { exact: true }).count()) >= 1, "the outcome is not shown");
    expect(!(await school.page.locator("main").innerText()).includes(CODE), "the reason of the front door is shown");
    await school.state("receipt-told");
  });

  await test(`“I disagree” opens a challenge that stands on My day of both, ${mode}`, async () => {
    await school.page.getByRole("button", { name: "I disagree" }).click();
    await school.state("disagree-receipt");
    await school.press("Send");
    expect(await wrong(school), "an empty challenge was sent");
    await school.page.getByLabel("A threshold decision").check();
    await school.page.getByLabel("What do you ask for, and why?").fill("A strategy discussion, by category.");
    await school.press("Send");
    expect((await school.heading()) === "Disagreement", await school.heading());
    await school.state("challenge-of-school");
    await school.page.goto("/");
    expect((await school.page.getByText(/You disagree with Northbay Children’s Social Care/).count()) >= 1, "the school's day does not have it");
    await manager.signIn(MANAGER);
    await manager.page.getByRole("link", { name: /Northbay Schools and Education Service disagrees: A threshold decision/ }).last().click();
    expect((await manager.page.getByText("A strategy discussion, by category.").count()) === 1, "what is asked for is not shown");
    await manager.state("challenge-to-answer");
    await manager.press("Send the answer");
    expect(await wrong(manager), "an empty answer was sent");
    await manager.page.getByLabel("Partly agreed").check();
    await manager.page.getByLabel("Why?", { exact: true }).fill(CODE);
    await manager.press("Send the answer");
    expect((await manager.page.getByText("Challenge answered: Partly agreed").count()) === 1, "the answer is not there");
  });

  await test(`the school reads the answer and ends the challenge, ${mode}`, async () => {
    await school.page.goto(receipt);
    await school.page.getByRole("link", { name: "See what became of your disagreement" }).click();
    expect((await school.page.getByText("Challenge answered: Partly agreed").count()) === 1, "the answer is not shown");
    await school.state("challenge-answered-school");
    const summary = school.page.locator("summary", { hasText: "End the challenge" });
    await summary.click();
    await school.page.getByLabel("Another way was found").check();
    await school.page.getByLabel("What was agreed?").fill(CODE);
    await school.press("End the challenge");
    expect((await school.heading()) === "Disagreement, ended", await school.heading());
    await school.state("challenge-ended");
    await school.page.goto("/");
    expect((await school.page.getByText(/You disagree with Northbay Children’s Social Care: A threshold decision/).count()) === 0, "it waits still");
  });
  for (const v of [school, front, second, manager]) await v.close();
}
