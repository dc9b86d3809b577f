// One concern from the nursery to the answer, as people would do it. The same steps with scripts, without, and with axe.
import { expect, test, Visitor } from "./lib.mjs";

export const SCHOOL = "Elena Vásquez";
export const NURSERY = "Farida Begum";
export const FRONT_DOOR = "Maeve Brennan";

// Names that no other child of the demonstration has, nothing alike, one for each run.
const children = {
  axe: { given: "Ottoline", family: "Quillfeather", day: "4", month: "5", year: "2017" },
  scripts: { given: "Barnaby", family: "Thistlewick", day: "19", month: "11", year: "2013" },
  plain: { given: "Xanthe", family: "Drummondsworth", day: "30", month: "1", year: "2020" },
};
export const child = (run) => children[run];

export async function describeChild(visitor, { given, family, day, month, year }, role = "Is said to have displayed the behaviour") {
  const { page } = visitor;
  await page.getByLabel("First name or nickname").fill(given);
  if (family) await page.getByLabel("Last name (optional)").fill(family);
  if (year) {
    await page.getByLabel("Day").fill(day);
    await page.getByLabel("Month").fill(month);
    await page.getByLabel("Year").fill(year);
  }
  await page.getByLabel(role).check();
  await visitor.press("Continue");
}

// From My day to the receipt; gives the address of the receipt. `offered` says what the raiser does where children are offered.
export async function raise(visitor, who, { danger = false, text = "Category and code only: concern raised in a test.", offered } = {}, state = async () => {}) {
  const { page } = visitor;
  await page.goto("/");
  await page.getByRole("button", { name: "Raise a concern" }).first().click();
  await state("raise-what");
  await page.getByLabel("What did you see or hear?").fill(text);
  await page.getByLabel(danger ? "Yes" : "No, or I do not know", { exact: true }).check();
  await visitor.press("Continue");
  await state("raise-when");
  await page.getByLabel("Behaviour that this child is said to have displayed").check();
  await visitor.press("Continue");
  await state("raise-who");
  await describeChild(visitor, who);
  const asked = (await visitor.heading()) === "Is it one of these children?";
  if (asked) await state("raise-match");
  if (offered === undefined) expect(!asked, "children were offered that the raiser's agency does not know");
  else {
    expect(asked, "no child was offered");
    await page.getByLabel(offered, { exact: true }).first().check();
    await visitor.press("Continue");
  }
  expect((await visitor.heading()) === "Check and send", `at ${await visitor.heading()}`);
  await state(danger ? "raise-check-danger" : "raise-check");
  const check = page.url();
  await visitor.press("Send the concern");
  await page.locator(".govuk-panel").waitFor();
  await state(danger ? "receipt-danger" : "receipt");
  return { receipt: page.url(), check };
}

// The desk of the concern whose receipt stands at this address.
const deskOf = (receipt) => receipt.replace(/\/receipt$/, "");

async function decide(visitor, outcome) {
  await visitor.page.locator(`input[name=outcome][value=${outcome}]`).check();
  await visitor.page.getByLabel("Why?", { exact: true }).fill("Weighed in a test.");
  await visitor.press("Record the decision");
}

export async function journey(browser, url, run, options) {
  const who = child(run);
  const mode = options.js === false ? "without scripts" : options.axe ? "with axe" : "with scripts";
  const raiser = await Visitor.make(browser, url, options);
  const desk = await Visitor.make(browser, url, options);
  const seen = (name) => (visitor) => visitor.state(name);
  const state = (name) => raiser.state(name);
  let first;
  let second;

  await test(`a school raises a concern and gets a receipt, ${mode}`, async () => {
    await raiser.signIn(SCHOOL);
    await state("home-raiser");
    first = await raise(raiser, who, {}, state);
    const panel = await raiser.page.locator(".govuk-panel").innerText();
    expect(/WM-?[0-9A-Z-]{10,}/.test(panel), `no reference: ${panel}`);
    expect((await raiser.page.getByText("We will tell you by").count()) === 1, "no date for the feedback");
    expect(!(new RegExp(who.family)).test(await raiser.page.locator("main").innerText()), "the receipt names the child");
  });

  await test(`the same form sent twice is one concern, ${mode}`, async () => {
    const { page } = raiser;
    await page.goto(first.check);
    expect(page.url() === first.receipt, `at ${page.url()}`);
    const answer = await page.request.post(first.check.replace(/check$/, "send"), {
      form: { csrf: await page.locator("input[name=csrf]").first().inputValue() }, maxRedirects: 0,
    });
    expect(answer.status() === 303 && first.receipt.endsWith(answer.headers().location), `${answer.status()} ${answer.headers().location}`);
  });

  await test(`the front door finds it in the inbox and closes it, ${mode}`, async () => {
    const { page } = desk;
    await desk.signIn(FRONT_DOOR);
    await seen("home-front-door")(desk);
    await page.goto("/inbox");
    await seen("inbox")(desk);
    await page.getByRole("link", { name: `${who.given} ${who.family}` }).first().click();
    expect(page.url() === deskOf(first.receipt), `at ${page.url()}`);
    await seen("desk-fresh")(desk);
    await decide(desk, "no-further-action");
    await page.getByRole("heading", { name: "Concern decided", level: 1 }).waitFor();
  });

  await test(`a second concern about the same child is offered only to whose agency knows the child, ${mode}`, async () => {
    const nursery = await Visitor.make(browser, url, options);
    await nursery.signIn(NURSERY);
    const { page } = nursery;
    await page.goto("/concerns/new");
    await page.getByLabel("What did you see or hear?").fill("Category and code only.");
    await nursery.press("Continue");
    await page.getByLabel("Behaviour that this child is said to have displayed").check();
    await nursery.press("Continue");
    await describeChild(nursery, who);
    expect((await nursery.heading()) === "Check and send", `at ${await nursery.heading()}`);
    expect(!(await page.content()).includes("chosen from your agency"), "a child of another agency was chosen");
    await nursery.close();
    second = await raise(raiser, who, { danger: true, offered: `${who.given} ${who.family}` }, state);
    expect((await raiser.page.getByText("Telephone now").count()) === 1, "the receipt does not say to telephone now");
  });

  await test(`closing waits until the earlier concern is judged, ${mode}`, async () => {
    const { page } = desk;
    await page.goto(deskOf(second.receipt));
    await seen("desk-earlier")(desk);
    expect((await page.getByText("Telephone now").count()) >= 1, "the desk does not say to telephone now");
    expect((await page.locator("input[name=outcome][value=no-further-action]").count()) === 0, "closing is open");
    expect((await page.getByText("These wait until 1 earlier concern above is judged").count()) === 1, "nothing says what waits");
    // The server refuses it too, whatever the page offered.
    await page.locator("input[name=outcome][value=assessment]").evaluate((input) => { input.value = "no-further-action"; });
    await decide(desk, "no-further-action");
    expect((await page.getByText("There is a problem").count()) === 1, "the decision was taken");
    expect((await page.getByLabel("Why?", { exact: true }).inputValue()) === "Weighed in a test.", "the reason typed is lost");
    await seen("desk-held")(desk);
  });

  await test(`a judgement needs a reason, and then stands with a name, ${mode}`, async () => {
    const { page } = desk;
    await page.goto(deskOf(second.receipt));
    await page.getByLabel("It counts").check();
    await page.getByRole("button", { name: /Save this judgement/ }).click();
    expect((await page.getByText("There is a problem").count()) === 1, "it was taken without a reason");
    expect(await page.getByLabel("It counts").isChecked(), "the answer is lost");
    await seen("desk-judge-error")(desk);
    await page.getByLabel(/Why\? Reason for earlier concern 1/).fill("The same behaviour again.");
    await page.getByRole("button", { name: /Save this judgement/ }).click();
    await page.getByText("Judged for this concern").waitFor();
    await seen("desk-judged")(desk);
    expect((await page.locator("input[name=outcome][value=no-further-action]").count()) === 1, "closing still waits");
  });

  await test(`the decision is recorded and the raiser is told, ${mode}`, async () => {
    const { page } = desk;
    await decide(desk, "assessment");
    await page.getByRole("heading", { name: "Concern decided", level: 1 }).waitFor();
    await seen("desk-decided")(desk);
    await page.getByLabel("Your message to them").fill("");
    await desk.press("Tell the person who raised it");
    expect((await page.getByText("There is a problem").count()) === 1, "an empty message was taken");
    await seen("desk-feedback-error")(desk);
    await page.getByLabel("Your message to them").fill("An assessment begins.");
    await desk.press("Tell the person who raised it");
    await page.getByText("The person who raised it was told").waitFor();
    await seen("desk-told")(desk);
    await raiser.page.goto(second.receipt);
    const text = await raiser.page.locator("main").innerText();
    expect(text.includes("Assessment") && text.includes("An assessment begins."), text);
    await state("receipt-told");
    await raiser.page.goto("/concerns");
    await state("concerns");
  });

  await test(`the chronology holds both concerns with source, author and time of recording, ${mode}`, async () => {
    const { page } = desk;
    await page.getByRole("link", { name: "Open the child’s chronology" }).click();
    const text = await page.locator(".waymark-chronology").innerText();
    expect((text.match(/Concern raised/g) ?? []).length >= 2, text);
    expect(text.includes(SCHOOL) && text.includes(FRONT_DOOR), text);
    await seen("child-chronology")(desk);
    await page.getByText("Show a part of the chronology").click();
    await page.getByLabel("About").selectOption("concern");
    await desk.press("Apply");
    expect(!(await page.locator(".waymark-chronology").innerText()).includes("Decision on what happens next"), "the filter chose nothing");
    await seen("child-filtered")(desk);
    await page.getByRole("link", { name: "Standing" }).click();
    await seen("child-standing")(desk);
    await page.getByRole("link", { name: /Possible matches/ }).click();
    await seen("child-matches")(desk);
  });

  await test(`a raiser may not open the inbox or the desk, and is told why, ${mode}`, async () => {
    const answer = await raiser.page.goto("/inbox");
    expect(answer.status() === 403, `answered ${answer.status()}`);
    await state("forbidden");
    expect((await raiser.page.goto(deskOf(second.receipt))).status() === 403, "the desk opened");
  });

  await test(`signing out ends the session, ${mode}`, async () => {
    await raiser.page.goto("/");
    await raiser.signOut();
    await state("signed-out");
    await raiser.page.goto("/concerns");
    expect(raiser.page.url().includes("/sign-in"), raiser.page.url());
    await state("sign-in");
  });

  await test(`the browser had nothing to complain about, ${mode}`, async () => {
    const faults = [...raiser.faults, ...desk.faults];
    expect(faults.length === 0, faults.slice(0, 5).join("\n"));
  });
  await raiser.close();
  await desk.close();
}
