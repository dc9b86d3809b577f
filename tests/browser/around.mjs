// Who and where is in a child's life: one agency records a relationship and a place, corrects what it wrote, another agency
// reads it and says that it has ended.
import { FRONT_DOOR } from "./journey.mjs";
import { expect, test, Visitor } from "./lib.mjs";

const YOUTH_JUSTICE = "Kirat Sandhu";

async function on(page, legend, day, month, year) {
  const group = page.getByRole("group", { name: legend });
  await group.getByLabel("Day").fill(String(day));
  await group.getByLabel("Month").fill(String(month));
  await group.getByLabel("Year").fill(String(year));
}

export async function around(browser, url, options) {
  const mode = options.js === false ? "without scripts" : "with axe";
  const worker = await Visitor.make(browser, url, options);
  const front = await Visitor.make(browser, url, options);
  const who = options.js === false ? "Rowan Ashdown" : "Bryn Ashdown";
  const added = (v) => v.page.getByText("Added to the record.").count().then((n) => n === 1);
  let child;

  await test(`a relationship is recorded with its source and since when, ${mode}`, async () => {
    const { page } = worker;
    await front.signIn(FRONT_DOOR);
    await front.page.goto("/inbox");
    const concerns = await front.page.locator("main tbody tr a").evaluateAll((links) => links.map((a) => a.href));
    await worker.signIn(YOUTH_JUSTICE);
    const tried = new Set();
    for (const concern of concerns) {
      await front.page.goto(concern);
      const record = await front.page.getByRole("link", { name: "Open the child’s chronology" }).getAttribute("href");
      if (tried.has(record)) continue;
      tried.add(record);
      if ((await page.goto(`${new URL(record, url)}/people`)).status() === 200) child = `${new URL(record, url)}`;
      if (child) break;
    }
    expect(child, `none of ${tried.size} children of the inbox is open to youth justice`);
    expect((await worker.heading()) === "People and relationships", await worker.heading());
    await worker.state("people");
    for (const [relation, name] of [["Foster carer", who], ["An adult whom the child trusts", "Sage Holloway"]]) {
      await page.goto(`${child}/people`);
      await page.getByRole("button", { name: "Record a relationship" }).click();
      await page.getByLabel(/What are they to the child/).selectOption({ label: relation });
      await page.getByLabel(/Who is it\?/).fill(name);
      await on(page, /From when\?/, 3, 2, 2026);
      await worker.press("Add to the record");
      expect((await page.getByText("There is a problem").count()) === 1, "it was taken without a source");
      await page.getByRole("group", { name: /Who says so/ }).getByLabel("The family", { exact: true }).check();
      await worker.press("Add to the record");
      expect(await added(worker), "nothing says that it was added");
    }
    await page.goto(`${child}/people`);
    expect((await page.getByRole("link", { name: who, exact: true }).count()) === 1, "it is not listed");
    await worker.state("people-full");
  });

  await test(`whoever wrote it corrects it, and it stands once, ${mode}`, async () => {
    const { page } = worker;
    await page.getByRole("link", { name: who, exact: true }).click();
    await page.getByRole("button", { name: "Correct this entry" }).click();
    await page.getByLabel(/What are they to the child/).selectOption({ label: "Other carer" });
    await worker.press("Save the correction");
    await page.goto(`${child}/people`);
    const row = page.getByRole("row", { name: new RegExp(who) });
    expect((await row.count()) === 1, "it stands twice");
    expect((await row.getByText("Other carer").count()) >= 1, "the correction is not shown");
  });

  await test(`a place is recorded, with what keeps children safe there, ${mode}`, async () => {
    const { page } = worker;
    await page.getByRole("link", { name: "Places", exact: true }).click();
    await worker.state("places");
    await page.getByRole("button", { name: "Record a place" }).click();
    await page.getByLabel(/What kind of place is it/).selectOption({ label: "School or college" });
    await page.getByLabel(/What is it called\?/).fill(`Hillcrest ${mode}`);
    await on(page, /From when\?/, 1, 9, 2025);
    await page.getByLabel(/What keeps the children safe there\?/).fill("Category and code only.");
    await page.getByRole("group", { name: /Who says so/ }).getByLabel("The family", { exact: true }).check();
    await worker.press("Add to the record");
    expect(await added(worker), "nothing says that it was added");
    await page.goto(`${child}/places`);
    expect((await page.getByText(`Hillcrest ${mode}: Category and code only.`).count()) === 1, "the safety is not by setting");
    await worker.state("places-full");
  });

  await test(`another agency reads it, and says that it has ended, ${mode}`, async () => {
    const { page } = front;
    await page.goto(`${child}/people`);
    const row = page.getByRole("row", { name: new RegExp(who) });
    expect((await row.count()) === 1, "the other agency does not see it");
    await row.getByRole("link", { name: /^End it/ }).click();
    await on(page, /Until when\?/, 1, 3, 2026);
    await front.press("Add to the record");
    expect(await added(front), "nothing says that it was added");
    await page.goto(`${child}/people`);
    expect((await page.getByRole("row", { name: new RegExp(who) }).getByText("Ended").count()) === 1, "it has not ended");
    await page.goto(`${child}/places`);
    await page.getByRole("row", { name: new RegExp(`^Hillcrest ${mode}`) }).getByRole("link", { name: /^End it/ }).click();
    await on(page, /Until when\?/, 2, 3, 2026);
    await front.press("Add to the record");
    expect(await added(front), "nothing says that it was added");
    await page.goto(`${child}/places`);
    expect((await page.getByRole("row", { name: new RegExp(`^Hillcrest ${mode}`) }).getByText("Former").count()) === 1, "it is no former place");
  });
  await test(`the search box finds the child’s cases, by the name and by the number, ${mode}`, async () => {
    const { page } = front;
    await page.goto(child);
    const name = (await page.locator(".moj-identity-bar__title").first().innerText()).trim();
    const find = async (what) => {
      await page.getByLabel("Search for a child, a case or in the manual").fill(what);
      await page.getByRole("button", { name: "Search everything" }).click();
    };
    await find(name);
    const row = page.locator("table", { hasText: "found, open ones first" }).locator("tbody tr").first();
    const number = (await row.locator("td").last().innerText()).replace("Number:", "").trim();
    await front.state("search-cases");
    await page.goto(child);
    await find(number);
    expect((await page.getByText("1 case found").count()) === 1, `the case is not found by ${number}`);
    await page.goto(child);
    await find("no-such-case-number");
    expect((await page.getByText("No case that you may read").count()) === 1, "nothing says that there is none");
  });
  await worker.close();
  await front.close();
}
