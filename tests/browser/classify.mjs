// From a concern to its classification, and to another one when more is known: the school raises it, the front door decides
// and classifies, and a manager classifies again.
import { FRONT_DOOR, SCHOOL, raise } from "./journey.mjs";
import { expect, test, Visitor } from "./lib.mjs";

const MANAGER = "Sunita Iyer";
const CODE = "Category and code only.";

export async function classifying(browser, url, options) {
  const mode = options.js === false ? "without scripts" : "with axe";
  const school = await Visitor.make(browser, url, options);
  const front = await Visitor.make(browser, url, options);
  const manager = await Visitor.make(browser, url, options);
  const { page } = front;
  const wrong = (v) => v.page.getByText("There is a problem").count().then((n) => n === 1);
  const who = options.js === false
    ? { given: "Leopoldine", family: "Ashgrovemarrow", day: "9", month: "2", year: "2016" }
    : { given: "Cordelius", family: "Fennimarrow", day: "23", month: "8", year: "2012" };
  let classify;

  await test(`a concern that was decided is classified from its page, nothing chosen beforehand, ${mode}`, async () => {
    await school.signIn(SCHOOL);
    const { receipt } = await raise(school, who);
    await front.signIn(FRONT_DOOR);
    await page.goto(receipt.replace(/\/receipt$/, ""));
    await page.locator("input[name=outcome][value=assessment]").check();
    await page.getByLabel("Why?", { exact: true }).fill(CODE);
    await front.press("Record the decision");
    await page.getByRole("link", { name: "Classify the behaviour" }).click();
    classify = page.url().split("?")[0];
    expect((await page.locator("input[name=category]:checked").count()) === 0, "an answer is chosen already");
    expect((await page.getByText(/the child was \d+ years old/).count()) === 1, "the age is not shown");
    expect((await page.getByText("no answer is suggested").count()) === 1, "nothing says that nothing is suggested");
    await front.state("classify");
    await page.getByLabel("Why?", { exact: true }).fill(CODE);
    await front.press("Record the classification");
    expect(await wrong(front), "an empty answer was taken");
    expect((await page.getByLabel("Why?", { exact: true }).inputValue()) === CODE, "the reason typed is lost");
    await front.state("classify-error");
    await page.getByLabel("Not enough information", { exact: true }).check();
    await page.getByLabel("Professional judgement, without a tool").check();
    await front.press("Record the classification");
    expect(await wrong(front), "nothing says what would be enough, and it was taken");
    await page.getByLabel(/what would be enough\?/).fill("A second account, by the school.");
    await front.press("Record the classification");
    await page.getByText("Added to the record.").waitFor();
    await front.state("classified");
  });

  await test(`when more is known it is classified again: the earlier answer stays, a stale page shows both, ${mode}`, async () => {
    await page.goto(classify);
    const begun = page.url();
    await manager.signIn(MANAGER);
    await manager.page.goto(classify);
    expect((await manager.page.getByText("A second account, by the school.").count()) === 1, "the earlier answer is not shown");
    await manager.state("classify-again");
    await manager.page.getByLabel("Problematic", { exact: true }).check();
    await manager.page.getByLabel("Hackett continuum").check();
    await manager.page.getByLabel("Why?", { exact: true }).fill("Two accounts by category.");
    await manager.press("Record the classification");
    await manager.page.getByText("Added to the record.").waitFor();
    expect(page.url() === begun, "the first page went elsewhere");
    await page.getByLabel("Inappropriate", { exact: true }).check();
    await page.getByLabel("Hackett continuum").check();
    await page.getByLabel("Why?", { exact: true }).fill("One account by category.");
    await front.press("Record the classification");
    expect((await page.getByRole("heading", { name: "What stands now" }).count()) === 1, "no conflict");
    expect((await page.getByLabel("Why?", { exact: true }).inputValue()) === "One account by category.", "what was typed is lost");
    await front.state("classify-conflict");
  });

  await test(`every classification of the record stands in one list, the newest as the one that stands, ${mode}`, async () => {
    await manager.page.getByLabel("Parts of the record").getByRole("link", { name: "Classification", exact: true }).click();
    const list = await manager.page.locator("main").innerText();
    expect(/Problematic \(this one stands\)/.test(list), "the newest does not stand");
    expect(/Not enough information \(classified again later\)/.test(list), "the earlier one is not shown");
    await manager.state("classifications");
  });
  for (const v of [school, front, manager]) await v.close();
}
