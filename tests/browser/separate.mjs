// Two children of one incident, linked but separate: the front door links the records, plans bring the children together, the
// coordinator is told and answers, and neither record says a word of it.
import { FRONT_DOOR } from "./journey.mjs";
import { expect, test, Visitor } from "./lib.mjs";

const COORDINATOR = "Sunita Iyer";
const WORKER = "Amina Rahman";
const CODE = "Category and code only.";

export async function separate(browser, url, options) {
  const mode = options.js === false ? "without scripts" : "with axe";
  const place = `Harbour Lane Club ${options.js === false ? "Two" : "One"}`;
  const front = await Visitor.make(browser, url, options);
  const coordinator = await Visitor.make(browser, url, options);
  const wrong = (v) => v.page.getByText("There is a problem").count().then((n) => n === 1);
  const children = [];
  let pair;

  await test(`two records are linked, and one coordinator named, ${mode}`, async () => {
    const { page } = front;
    await front.signIn(FRONT_DOOR);
    await page.goto("/inbox");
    const desks = await page.locator("main tbody tr a").evaluateAll((links) => links.map((a) => ({ href: a.href, name: a.textContent.trim() })));
    const offset = options.js === false ? 2 : 0;
    const known = desks.filter(({ name }) => name.includes(" ") && name !== "Name not known");
    for (const { href, name } of known.slice(offset, offset + 2)) {
      await page.goto(href);
      const record = await page.getByRole("link", { name: "Open the child’s chronology" }).evaluate((a) => a.href);
      children.push({ record, name });
    }
    await page.goto(children[0].record);
    await page.getByRole("link", { name: "Link it with another child’s record, and keep them separate" }).click();
    await front.state("separate-find");
    await page.locator("main").getByRole("button", { name: "Search" }).click();
    expect(await wrong(front), "an empty search was made");
    await front.state("separate-find-error");
    await page.getByLabel("Name", { exact: true }).fill(children[1].name);
    await page.locator("main").getByRole("button", { name: "Search" }).click();
    await front.state("separate-found");
    await page.locator("main").getByRole("radio").first().check();
    await front.press("Continue");
    await front.state("separate-coordinator");
    await front.press("Link the two records");
    expect(await wrong(front), "nobody coordinates them");
    await front.state("separate-coordinator-error");
    await page.getByLabel(COORDINATOR).check();
    await page.getByLabel("Why do the two records belong together?").fill(CODE);
    await front.press("Link the two records");
    pair = page.url();
    expect((await page.getByText(`${COORDINATOR} is told if anything brings them together.`).count()) === 1, "nobody is told");
    await front.state("separate-linked");
  });

  await test(`plans that bring the two together are told to the coordinator, who answers, ${mode}`, async () => {
    const { page } = coordinator;
    await coordinator.signIn(COORDINATOR);
    await page.goto("/separate");
    await coordinator.state("separate-list-nothing");
    for (const { record } of children) {
      await page.goto(`${record}/add/plan.agreed`);
      await page.getByLabel("What kind of plan?").selectOption({ label: "Safety plan" });
      await page.getByLabel(/In what kind of place/).selectOption({ label: "Community" });
      await page.getByLabel(/What is that place called/).fill(place);
      await coordinator.press("Add to the record");
      expect((await page.getByText("Added to the record.").count()) === 1, "the plan was not added");
    }
    await page.goto("/");
    expect((await page.getByText("Children whose records you coordinate are brought together.").count()) === 1, "nobody is told");
    await coordinator.state("home-coordinator");
    await page.getByRole("link", { name: /to look at$/ }).click();
    await coordinator.state("separate-list");
    await page.goto(pair);
    await coordinator.state("separate-pair");
    await page.getByRole("button", { name: /^Save the answer on 1/ }).click();
    expect(await wrong(coordinator), "it was answered with nothing");
    await coordinator.state("separate-pair-error");
    await page.getByLabel("It was changed: they will not be there together").check();
    await page.getByLabel("What was done, and with whom?").fill(CODE);
    await page.getByRole("button", { name: /^Save the answer on 1/ }).click();
    expect((await page.getByText(/^It was changed/).count()) >= 1, "the answer is not shown");
    await coordinator.state("separate-answered");
  });

  await test(`neither record, nor whoever works with one of the children, says a word of it, ${mode}`, async () => {
    const { page } = front;
    for (const [n, { record }] of children.entries()) {
      for (const part of ["", "/plans", "/standing", "/print"]) {
        await page.goto(record + part);
        const text = await page.locator("main").innerText();
        expect(!text.includes(children[1 - n].name), `${part} names the other child`);
      }
    }
    const worker = await Visitor.make(browser, url, options);
    await worker.signIn(WORKER);
    const answer = await worker.page.goto(pair);
    expect(answer.status() === 404, `${answer.status()}`);
    await worker.page.goto("/separate");
    expect((await worker.page.locator("main table").count()) === 0, "a pair is listed");
    await worker.state("separate-list-empty");
    await worker.close();
  });

  await test(`two records are unlinked with a reason, ${mode}`, async () => {
    const { page } = coordinator;
    await page.goto(pair);
    await coordinator.press("Unlink the two records");
    expect(await wrong(coordinator), "they were unlinked without a reason");
    await page.getByLabel("Why do they belong together no longer?").fill(CODE);
    await coordinator.press("Unlink the two records");
    expect(!(await page.content()).includes(pair.split("/").at(-1)), "the pair is listed still");
  });
  await front.close();
  await coordinator.close();
}
