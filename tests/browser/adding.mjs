// Adding to a child's record by a form that the content makes: from the list of what may be added to the entry's own page,
// and its correction.
import { FRONT_DOOR } from "./journey.mjs";
import { expect, test, Visitor } from "./lib.mjs";

export async function adding(browser, url, options) {
  const mode = options.js === false ? "without scripts" : "with axe";
  const v = await Visitor.make(browser, url, options);
  const { page } = v;
  const wrong = () => page.getByText("There is a problem").count().then((n) => n === 1);
  let entry;
  await test(`a child's record says what may be added to it, ${mode}`, async () => {
    await v.signIn(FRONT_DOOR);
    await page.goto("/inbox");
    await page.locator("main tbody tr a").first().click();
    await page.getByRole("link", { name: "Open the child’s chronology" }).click();
    const record = page.url();
    await page.goto(record + "?show=all&agency=csc&from=2020-01-01");
    await v.state("child-chosen");
    expect((await page.getByRole("link", { name: "Show everything again" }).count()) === 1, "nothing leads back to the whole");
    await page.goto(record + "/print");
    await v.state("child-print");
    await page.goto(record);
    await page.getByRole("link", { name: "Add to the record" }).click();
    expect((await v.heading()) === "Add to the record", await v.heading());
    await v.state("add");
  });
  await test(`a meeting that nobody says anything about is not taken, and what was typed stays, ${mode}`, async () => {
    await page.getByRole("link", { name: "Strategy discussion held" }).click();
    await v.state("add-form");
    await v.press("Add to the record");
    expect(await wrong(), "an empty entry was taken");
    await page.getByLabel("Notes (optional)").fill("Category and code only: kept.");
    await page.getByLabel("At what time? (optional)").fill("half past");
    await v.press("Add to the record");
    expect(await wrong(), "it was taken");
    expect((await page.getByLabel("Notes (optional)").inputValue()) === "Category and code only: kept.", "the text is lost");
    await v.state("add-form-error");
  });
  await test(`an entry that is begun is found on My day, and added, ${mode}`, async () => {
    await page.getByLabel("At what time? (optional)").fill("");
    await page.getByRole("group", { name: /Who took part/ }).getByLabel("Northbay Police").check();
    await v.press("Save and finish later");
    expect((await page.getByText("What you began is saved").count()) === 1, "nothing says that it is saved");
    await page.goto("/");
    await page.getByRole("link", { name: /Carry on with the entry you began/ }).first().click();
    expect(await page.getByRole("group", { name: /Who took part/ }).getByLabel("Northbay Police").isChecked(), "the answer is lost");
    await v.press("Add to the record");
    expect((await page.getByText("Added to the record.").count()) === 1, "nothing says that it was added");
    entry = page.url().split("?")[0];
    await v.state("entry");
  });
  await test(`what was sent before leads to the entry that it became, ${mode}`, async () => {
    await page.goBack();
    await page.goto(page.url());
    if (page.url().includes("/drafts/")) await v.press("Add to the record");
    expect(page.url().split("?")[0] === entry, page.url());
  });
  await test(`an entry is corrected, and the first version stays, ${mode}`, async () => {
    await page.goto(entry);
    await page.getByRole("button", { name: "Correct this entry" }).click();
    await page.getByLabel("Notes (optional)").fill("Category and code only: mended.");
    await v.press("Save the correction");
    expect((await page.getByText("Category and code only: mended.").count()) === 1, "the correction is not there");
    await page.getByRole("link", { name: "Show what was written first" }).click();
    expect((await page.getByText("This entry was corrected later").count()) === 1, "nothing says that it was corrected");
    await v.state("entry-corrected");
  });
  await v.close();
}
