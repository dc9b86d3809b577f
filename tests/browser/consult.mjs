// Before a step another agency is asked: the front door asks the police, who disagree with their reason and then change their
// view; the step goes ahead. Another cannot wait: it goes ahead without the answer, and a manager looks at that.
import { FRONT_DOOR, SCHOOL, raise } from "./journey.mjs";
import { expect, test, Visitor } from "./lib.mjs";

const MANAGER = "Sunita Iyer";
const POLICE = "Joshua Mensah";
const CODE = "Category and code only.";

async function unfold(page, words) {
  const summary = page.locator("summary", { hasText: words });
  if (!(await summary.evaluate((e) => e.parentElement.open))) await summary.click();
  return page.locator("details", { has: summary });
}

export async function consulting(browser, url, options) {
  const mode = options.js === false ? "without scripts" : "with axe";
  const front = await Visitor.make(browser, url, options);
  const police = await Visitor.make(browser, url, options);
  const manager = await Visitor.make(browser, url, options);
  const { page } = front;
  const wrong = (v) => v.page.getByText("There is a problem").count().then((n) => n === 1);
  const who = options.js === false
    ? { given: "Bartholomina", family: "Wexmarrow", day: "2", month: "6", year: "2014" }
    : { given: "Theodoric", family: "Quernmarrow", day: "17", month: "10", year: "2011" };
  let all;
  let consultation;

  await test(`whom the procedure names for a course is chosen already, and is asked by name, ${mode}`, async () => {
    const school = await Visitor.make(browser, url, options);
    await school.signIn(SCHOOL);
    const { receipt } = await raise(school, who);
    await school.close();
    await front.signIn(FRONT_DOOR);
    await page.goto(receipt.replace(/\/receipt$/, ""));
    await page.getByRole("link", { name: "Open the child’s chronology" }).click();
    await page.getByLabel("Parts of the record").getByRole("link", { name: "Consultation", exact: true }).click();
    all = page.url();
    expect((await page.getByText(/waits for the view of/).count()) >= 1, "nothing says what waits");
    expect((await page.getByText(/never waits/).count()) >= 1, "nothing says that protection never waits");
    await front.state("consultations-none");
    await page.getByRole("link", { name: "Therapeutic work before trial", exact: true }).click();
    expect(await page.getByLabel("Northbay Police", { exact: true }).isChecked(), "the police are not chosen");
    expect(!(await page.getByLabel("Northbay Health Trust", { exact: true }).isChecked()), "health is chosen");
    await front.state("consult-ask");
    await front.press("Ask for their views");
    expect(await wrong(front), "a question without words was sent");
    await front.state("consult-ask-error");
    await page.getByLabel("What do you propose, and what do you ask of them?").fill(CODE);
    await page.getByLabel("What is your own view? (optional)").fill("Own view by category.");
    await front.press("Ask for their views");
    consultation = page.url();
    expect((await page.getByText("It waits. No reply is not a yes:").count()) === 1, "nothing says that it waits");
    await front.state("consultation-waiting");
    await page.goto("/");
    expect((await page.getByText(/has not given its view: Therapeutic work/).count()) >= 1, "My day does not say who has not answered");
    await front.state("home-consulting");
  });

  await test(`the asked agency answers from My day, and disagrees only with a reason, ${mode}`, async () => {
    await police.signIn(POLICE);
    await police.state("home-asked-view");
    await police.page.getByRole("link", { name: new RegExp(`${who.given}.*asks for your view.*Therapeutic`) }).click();
    expect((await police.page.getByText("Own view by category.").count()) === 1, "the asker's view is not shown");
    await police.state("view");
    await police.page.getByLabel("It disagrees", { exact: true }).check();
    await police.page.getByLabel(/What else should they know/).fill("Kept by category.");
    await police.press("Send the view");
    expect(await wrong(police), "a disagreement without a reason was taken");
    expect((await police.page.getByLabel(/What else should they know/).inputValue()) === "Kept by category.", "what was typed is lost");
    await police.state("view-error");
    await police.page.getByLabel("If you disagree: why?").fill("Too soon, by category.");
    await police.press("Send the view");
    expect((await police.page.getByRole("heading", { name: "Your agency’s answer" }).count()) === 1, "the answer is not shown");
    await police.state("view-given");
    await police.page.goto("/");
    expect((await police.page.getByRole("link", { name: new RegExp(`${who.given}.*asks for your view.*Therapeutic`) }).count()) === 0, "it waits still");
  });

  await test(`the disagreement is shown, a page that is stale is answered with what stands, and the step goes ahead, ${mode}`, async () => {
    await page.goto(consultation);
    expect((await page.getByText("Why it disagrees: Too soon, by category.").count()) === 1, "the reason is not shown");
    expect((await page.getByRole("link", { name: /Take the disagreement further/ }).count()) === 1, "it leads no further");
    expect((await page.getByText(/though not all agree/).count()) === 1, "nothing says that not all agree");
    await front.state("consultation-disagreed");
    await police.page.getByRole("link", { name: "My day" }).first().click();
    await police.page.goto(`${consultation}/view`);
    await unfold(police.page, "Has your view changed?");
    await police.page.getByLabel("It agrees", { exact: true }).check();
    await police.press("Send the changed view");
    await front.press("Record that it goes ahead");
    expect((await page.getByRole("heading", { name: "What stands now" }).count()) === 1, "the stale page was taken");
    await front.state("consultation-stale");
    await front.press("Record that it goes ahead");
    expect((await page.getByRole("heading", { name: "The course was taken" }).count()) === 1, "it was not recorded");
    await front.state("consultation-taken");
  });

  await test(`what cannot wait goes ahead with a reason, and somebody else looks at it, ${mode}`, async () => {
    await page.goto(all);
    await front.state("consultations");
    await page.getByRole("link", { name: "Return home", exact: true }).click();
    await page.getByLabel("What do you propose, and what do you ask of them?").fill(CODE);
    await front.press("Ask for their views");
    const second = page.url();
    await unfold(page, "It cannot wait");
    await front.press("Go ahead without waiting");
    expect(await wrong(front), "it went ahead without a reason");
    await front.state("override-error");
    await page.getByLabel("Why can it not wait?").fill(CODE);
    await front.press("Go ahead without waiting");
    await front.press("Record that it goes ahead");
    expect((await page.getByRole("heading", { name: "The course was taken" }).count()) === 1, "it was not recorded");
    await front.state("consultation-overridden");
    await manager.signIn(MANAGER);
    await manager.state("home-to-review");
    await manager.page.getByRole("link", { name: new RegExp(`${who.given}.*went ahead without waiting.*Return home`) }).click();
    await manager.press("Record the review");
    expect(await wrong(manager), "an empty review was taken");
    await manager.state("override-review-error");
    await manager.page.getByLabel("Yes", { exact: true }).check();
    await manager.page.getByLabel("Why?", { exact: true }).fill(CODE);
    await manager.press("Record the review");
    await page.goto(second);
    expect((await page.getByText("Reviewed: it was right to go ahead.").count()) === 1, "the review is not shown");
    await front.state("override-reviewed");
  });
  for (const v of [front, police, manager]) await v.close();
}
