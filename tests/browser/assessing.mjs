// An assessment written together: social care starts it and asks health for a section, both write, two people of one agency
// meet on one section, the supervisor agrees, and it is completed.
import { expect, test, Visitor } from "./lib.mjs";

const WORKER = "Sunita Iyer";
const HEALTH = "Yi Chen";
const CODE = "Category and code only.";

async function day(page, legend, n) {
  const then = new Date(Date.now() + n * 86_400_000);
  const group = page.getByRole("group", { name: legend });
  await group.getByLabel("Day").fill(String(then.getDate()));
  await group.getByLabel("Month").fill(String(then.getMonth() + 1));
  await group.getByLabel("Year").fill(String(then.getFullYear()));
}
async function answerAll(page, words) {
  for (const box of await page.locator("textarea").all()) await box.fill(words);
}

export async function assessing(browser, url, options) {
  const mode = options.js === false ? "without scripts" : "with axe";
  const lead = await Visitor.make(browser, url, options);
  const health = await Visitor.make(browser, url, options);
  const { page } = lead;
  const wrong = (v) => v.page.getByText("There is a problem").count().then((n) => n === 1);
  let assessment;
  let request;
  let supervised = WORKER;

  await test(`an assessment is started with a template and a supervisor, ${mode}`, async () => {
    await lead.signIn("Amina Rahman");
    supervised = "Sunita Iyer";
    await page.goto("/caseload");
    await page.locator("main tbody tr a").nth(options.js === false ? 0 : 1).click();
    await page.getByRole("link", { name: "Assessments", exact: true }).click();
    await lead.state("assessments");
    await lead.press("Start the assessment");
    expect(await wrong(lead), "an empty assessment was started");
    await lead.state("assessments-error");
    await page.getByLabel("Structured assessment of harmful sexual behaviour").check();
    await page.getByLabel(/Which supervisor/).selectOption({ index: 1 });
    await lead.press("Start the assessment");
    await page.getByText("Being written").first().waitFor();
    assessment = page.url();
    await lead.state("assessment-started");
  });

  await test(`health is asked for a section and writes it without the rest, ${mode}`, async () => {
    const summary = page.locator("summary", { hasText: "Ask an agency for a section" });
    await summary.click();
    await lead.press("Send the request");
    expect(await wrong(lead), "an empty request was sent");
    await lead.state("assessment-ask-error");
    await page.getByLabel("Development, health and learning").check();
    await page.getByLabel("Who writes it?").selectOption({ label: "Yi Chen, Northbay Health Trust (Health practitioner)" });
    await day(page, "By when?", 5);
    await lead.press("Send the request");
    expect((await page.getByText(/Yi Chen, Northbay Health Trust, is asked to write it/).count()) === 1, "nobody is asked");
    await health.signIn(HEALTH);
    await health.state("home-section");
    await health.page.getByRole("link", { name: /Development, health and learning/ }).first().click();
    request = health.page.url();
    await health.state("section");
    await health.press("Add the section");
    expect(await wrong(health), "an empty section was added");
    await health.state("section-error");
    await answerAll(health.page, CODE);
    await health.page.locator("textarea").first().fill("");
    await health.page.getByLabel(/^Not known/).first().check();
    await health.press("Save and finish later");
    await health.page.goto("/");
    await health.page.goto(request);
    expect(await health.page.getByLabel(/^Not known/).first().isChecked(), "what was begun is lost");
    await health.press("Add the section");
    await health.page.getByRole("heading", { name: "Your section is in the record" }).waitFor();
    await health.state("section-done");
    await page.goto(assessment);
    expect((await page.getByText("Not known.").count()) >= 1, "what is not known is not shown");
  });

  await test(`two people of one agency on one section: both versions, nothing lost, ${mode}`, async () => {
    const open = async () => {
      await page.goto(assessment);
      await page.getByRole("link", { name: "Write this section for your agency" }).first().click();
    };
    await open();
    const other = await lead.context.newPage();
    await other.goto(page.url().split("?")[0]);
    await answerAll(page, "The first.");
    await lead.press("Add the section");
    await answerAll(other, "The second.");
    await other.getByRole("button", { name: "Add the section", exact: true }).click();
    expect((await other.getByRole("heading", { name: "Somebody wrote this before you" }).count()) === 1, `no conflict at ${other.url()}`);
    expect((await other.getByText("The first.").count()) >= 1 && (await other.getByText("The second.").count()) >= 1, "one is lost");
    await other.getByRole("button", { name: "Put what you typed in its place" }).click();
    await other.close();
    for (const n of [2, 3]) {
      await page.goto(assessment);
      await page.getByRole("link", { name: "Write this section for your agency" }).nth(n).click();
      await answerAll(page, CODE);
      await lead.press("Add the section");
    }
    await page.goto(assessment);
    await lead.state("assessment-written");
  });

  await test(`the supervisor agrees, and it is completed, ${mode}`, async () => {
    await lead.press("Send it to the supervisor");
    await page.getByText("With the supervisor").first().waitFor();
    await lead.signIn(supervised);
    await lead.state("home-agree");
    await page.goto(assessment);
    await lead.state("assessment-agree");
    await lead.press("Record it");
    expect(await wrong(lead), "an empty agreement was taken");
    await page.getByLabel("Yes, I agree").check();
    await lead.press("Record it");
    await page.getByText("Agreed", { exact: true }).first().waitFor();
    await lead.signIn("Amina Rahman");
    await page.goto(assessment);
    await page.getByLabel("What is your judgement?").fill(CODE);
    await lead.press("Complete the assessment");
    await page.getByText("Completed", { exact: true }).first().waitFor();
    await lead.state("assessment-completed");
  });
  for (const v of [lead, health]) await v.close();
}
