// Who may see what, as people meet it: an emergency and its review, a restriction and its lifting, what two people agree to,
// and what somebody declares of themselves.
import { FRONT_DOOR } from "./journey.mjs";
import { expect, test, Visitor } from "./lib.mjs";

const MANAGER = "Sunita Iyer";
const PRIVACY = "Peter Whitlock";
const SECOND = "Dorota Kowalczyk";
const POLICE = "Hanna Lindqvist";
const WORKER = "Amina Rahman";

const wrong = (page) => page.getByText("There is a problem").count().then((n) => n === 1);

// A child of the inbox whose record does not open to the police, by its address; else the first.
async function someChild(v) {
  await v.signIn(FRONT_DOOR);
  await v.page.goto("/inbox");
  const desks = await v.page.locator("main tbody tr a").evaluateAll((links) => links.map((a) => a.href));
  const children = [];
  for (const desk of desks.slice(0, 12)) {
    await v.page.goto(desk);
    children.push(await v.page.getByRole("link", { name: "Open the child’s chronology" }).evaluate((a) => a.href));
  }
  await v.signIn(POLICE);
  for (const child of children) {
    if ((await v.page.goto(child)).status() === 403) return child;
  }
  return children[0];
}

export async function access(browser, url, options) {
  const mode = options.js === false ? "without scripts" : options.axe ? "with axe" : "with scripts";
  const v = await Visitor.make(browser, url, options);
  const { page } = v;
  const child = await someChild(v);

  await test(`a record that does not open is opened in an emergency with two clicks and a reason, ${mode}`, async () => {
    await v.signIn(POLICE);
    const answer = await page.goto(child);
    if (answer.status() === 200) return; // opened in this demonstration already
    expect(answer.status() === 403, `${answer.status()}`);
    await v.state("record-shut");
    await page.getByRole("button", { name: "Open it in an emergency" }).click();
    expect((await v.heading()) === "Open a record in an emergency", await v.heading());
    await v.state("glass");
    await v.press("Open the record");
    expect(await wrong(page), "it was opened without a reason");
    await v.state("glass-error");
    await page.getByLabel("Why do you need this record now?").fill("Category and code only: asked by the hospital.");
    await v.press("Open the record");
    expect((await v.heading()) === "Chronology", await v.heading());
    expect((await page.getByText("You opened this record in an emergency").count()) === 1, "nothing says when it ends");
    await v.state("glass-open");
  });
  await test(`the front door and the privacy officer are told of it at once, ${mode}`, async () => {
    for (const who of [FRONT_DOOR, PRIVACY]) {
      await v.signIn(who);
      expect((await page.getByRole("heading", { name: "Records opened in an emergency" }).count()) === 1, `${who} is not told`);
    }
    await v.state("my-day-privacy");
  });
  await test(`each use is reviewed with a reason, without a child’s name, ${mode}`, async () => {
    await page.getByRole("link", { name: "Access", exact: true }).click();
    await v.state("access");
    const first = page.getByRole("link", { name: /^Review it/ });
    if ((await first.count()) === 0) return;
    await first.first().click();
    await v.state("access-use");
    await v.press("Save the review");
    expect(await wrong(page), "it was reviewed without a reason");
    await v.state("access-use-error");
    await page.getByLabel("Justified", { exact: true }).check();
    await page.getByLabel("Why?", { exact: true }).fill("The hospital confirms it.");
    await v.press("Save the review");
    expect((await page.getByText("Justified", { exact: true }).count()) >= 1, "the outcome is not shown");
  });
  await test(`a record is restricted by its manager, and reviewed, ${mode}`, async () => {
    await v.signIn(MANAGER);
    await page.goto(`${child}/restrictions`);
    await v.state("restrict");
    await v.press("Restrict this record");
    expect(await wrong(page), "it was taken without anything");
    await v.state("restrict-error");
    await page.getByLabel("Everybody but the people named").check();
    await page.getByLabel("Who is named?").fill("A Stranger");
    await page.getByLabel("Why?", { exact: true }).fill("A relative works here.");
    await v.press("Restrict this record");
    expect((await page.locator("#persons-error").innerText()).includes("A Stranger"), "who is not known is not said");
    await page.getByLabel("Who is named?").fill("Joshua Mensah");
    await v.press("Restrict this record");
    expect((await v.heading()) === "Restrictions", await v.heading());
    await v.state("restrictions");
    await page.locator("main tbody tr a").first().click();
    await v.state("restriction");
    await page.getByLabel("No, lift it").check();
    await page.getByLabel("Why?", { exact: true }).fill("They moved to another service.");
    await v.press("Save the review");
    expect((await v.heading()) === "Waiting for a second person", await v.heading());
    await v.state("approvals-own");
  });
  await test(`a second person agrees, and the restriction is lifted, ${mode}`, async () => {
    await v.signIn(PRIVACY);
    await page.goto("/approvals");
    const before = await page.getByRole("group", { name: "Do you agree?" }).count();
    await v.state("approvals");
    await v.press("Save the answer");
    expect(await wrong(page), "no answer was taken");
    await v.state("approvals-error");
    await page.goto("/approvals");
    await page.getByRole("button", { name: "Ask for it" }).click();
    expect(await wrong(page), "nothing was asked for, and it was taken");
    await v.state("approvals-ask-error");
    await page.goto("/approvals");
    await page.getByRole("group", { name: "Do you agree?" }).first().getByLabel("Yes").check();
    await page.getByRole("button", { name: "Save the answer" }).first().click();
    expect((await page.getByRole("group", { name: "Do you agree?" }).count()) === before - 1, "it still waits");
  });
  await test(`somebody declares a connection, ${mode}`, async () => {
    await v.signIn(POLICE);
    await page.getByRole("link", { name: /^My connections/ }).click();
    await v.state("connections");
    await v.press("Add this person");
    expect(await wrong(page), "nothing was typed and it was taken");
    await v.state("connections-error");
    await page.getByLabel("A relative", { exact: true }).check();
    await page.getByLabel("Last name").fill("Fernsby");
    await page.getByLabel("Postcode (optional)").fill("NB9 9ZZ");
    await v.press("Add this person");
    expect((await page.getByText("Fernsby").count()) >= 1, "it is not listed");
    await v.state("connections-declared");
  });
  await test(`whoever declared a connection says that it has ended, and a manager answers, ${mode}`, async () => {
    await v.signIn(WORKER);
    await page.goto("/my/connections");
    await page.getByLabel("A friend or neighbour", { exact: true }).check();
    await page.getByLabel("Last name").fill("Fernsby");
    await v.press("Add this person");
    await page.getByText("Something here has ended or is wrong").click();
    await v.press("Say that it has ended");
    expect(await wrong(page), "it was taken without anything");
    await v.state("connections-ended-error");
    await page.getByLabel("A friend or neighbour: Fernsby").first().check();
    await page.getByLabel("Since when, or what was wrong?").fill("They moved away.");
    await v.press("Say that it has ended");
    expect((await page.getByText("You have said that it ended").count()) >= 1, "it is not said");
    await v.state("connections-ended");
    await v.signIn(MANAGER);
    await page.goto("/access");
    await v.state("access-ended");
    await page.getByLabel("How do you know that it is so?").first().fill("They told me.");
    await page.getByRole("button", { name: /^It has ended/ }).first().click();
    expect((await v.heading()) === "Access", await v.heading());
  });
  await test(`a protected address is shown to whoever says why, and on no other page, ${mode}`, async () => {
    await v.signIn(FRONT_DOOR);
    await page.goto(`${child}/add/circumstance.changed`);
    await page.getByLabel("Where the child lives in care").check();
    await page.getByLabel("Where do they live now? (optional)").fill("9 Quillon Wharf");
    await v.press("Add to the record");
    await page.goto(child);
    expect((await page.getByText("Quillon").count()) === 0, "the chronology tells it");
    await page.getByRole("link", { name: "Read a protected address" }).first().click();
    expect((await v.heading()) === "Read a protected address", await v.heading());
    await v.state("address");
    await v.press("Show the address");
    expect(await wrong(page), "it was shown without a reason");
    await v.state("address-error");
    const which = page.locator("input[name=address]");
    if ((await which.count()) > 0) await which.last().check();
    await page.getByLabel("Why do you need the address now?").fill("A visit today.");
    await v.press("Show the address");
    expect((await page.getByText("9 Quillon Wharf").count()) === 1, "it is not shown");
    await v.state("address-shown");
    await page.getByRole("button", { name: "Close the address" }).click();
    expect((await page.getByText("Quillon").count()) === 0, "the chronology tells it");
  });
  expect(v.faults.length === 0, v.faults.join("\n"));
  await v.close();
}
export { SECOND };
