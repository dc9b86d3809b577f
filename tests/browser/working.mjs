// A worker's day: what is due, the caseload, a child's plan from its action to its review, the way through the courts, and
// the one search box.
import { expect, test, Visitor } from "./lib.mjs";

export const WORKER = "Amina Rahman";
export const MANAGER = "Sunita Iyer";

export async function working(browser, url, options) {
  const mode = options.js === false ? "without scripts" : "with axe";
  const v = await Visitor.make(browser, url, options);
  const { page } = v;
  let child;
  await test(`a worker sees what is due, and their own caseload, ${mode}`, async () => {
    await v.signIn(WORKER);
    expect((await page.getByRole("heading", { name: "What is due" }).count()) === 1, "nothing says what is due");
    await v.state("home-worker");
    await page.goto("/due");
    await v.state("due");
    await page.getByRole("link", { name: "Caseload", exact: true }).click();
    expect((await page.locator("main tbody tr").count()) > 3, "the demonstration has no caseload");
    expect((await page.getByText("Who carries what").count()) === 0, "a worker sees the team's");
    await v.state("caseload");
  });
  await test(`a plan says who does what by when; an action is done, and the plan reviewed, ${mode}`, async () => {
    const children = await page.locator("main tbody tr th a").evaluateAll((links) => links.map((a) => a.href.replace("/standing", "")));
    for (const one of children) {
      await page.goto(`${one}/plans`);
      if ((await page.getByRole("button", { name: "Say that an action is done" }).count()) === 0) continue;
      if ((await page.getByText("Done", { exact: true }).count()) === 0) continue;
      child = one;
      break;
    }
    expect(child, "no child of the demonstration has a plan with actions");
    await v.state("plans");
    const done = await page.getByText("Done", { exact: true }).count();
    await page.getByRole("button", { name: "Say that an action is done" }).first().click();
    await page.getByRole("group", { name: /Which action/ }).getByRole("radio").first().check();
    await v.press("Add to the record");
    expect((await page.getByText("Added to the record.").count()) === 1, "it was not added");
    await page.goto(`${child}/plans`);
    expect((await page.getByText("Done", { exact: true }).count()) === done + 1, "the action is not done");
  });
  await test(`the way through police and courts counts its days, ${mode}`, async () => {
    await page.goto("/caseload");
    const children = await page.locator("main tbody tr th a").evaluateAll((links) => links.map((a) => a.href.replace("/standing", "")));
    for (const one of children) {
      await page.goto(`${one}/justice`);
      if ((await page.getByText("Days without support").count()) === 1) break;
    }
    expect((await page.getByText("Days without support").count()) === 1, "no child of the demonstration waits for justice");
    await v.state("justice");
  });
  await test(`the search box finds children and paragraphs of the manual, ${mode}`, async () => {
    await page.getByLabel("Search for a child, a case or in the manual").fill("strategy discussion");
    await page.getByRole("button", { name: "Search everything" }).click();
    expect((await page.getByRole("heading", { name: "In the manual" }).count()) === 1, "nothing of the manual");
    expect(page.url().endsWith("/search"), page.url());
    await v.state("search-everything");
    await v.press("Search");
    await page.getByLabel(/A child’s first and last name/).fill("");
    await v.press("Search");
    expect((await page.getByText("There is a problem").count()) === 1, "an empty search was made");
    await v.state("search-everything-error");
  });
  await test(`a manager sees who carries what, and looks into one caseload, ${mode}`, async () => {
    await v.signIn(MANAGER);
    await page.getByRole("link", { name: "Caseload", exact: true }).click();
    expect((await page.getByText("Who carries what").count()) === 1, "no team");
    await v.state("caseload-team");
    await page.getByRole("link", { name: WORKER }).click();
    expect((await page.getByText(`Open cases that ${WORKER} leads`).count()) === 1, "not that worker's");
  });
  await v.close();
}
