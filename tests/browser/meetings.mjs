// A meeting from the call to the receipt of its minutes, by two agencies: the front door calls, health is invited, answers,
// sends something in writing, gets an action and the minutes, and answers both.
import { FRONT_DOOR } from "./journey.mjs";
import { expect, test, Visitor } from "./lib.mjs";

const HEALTH = "Yi Chen";
const CODE = "Category and code only.";

async function day(page, legend, n) {
  const then = new Date(Date.now() + n * 86_400_000);
  const group = page.getByRole("group", { name: legend });
  await group.getByLabel("Day").fill(String(then.getDate()));
  await group.getByLabel("Month").fill(String(then.getMonth() + 1));
  await group.getByLabel("Year").fill(String(then.getFullYear()));
}
// Folded away where the browser knows how, script or not.
async function unfold(page, words) {
  const summary = page.locator("summary", { hasText: words });
  if (!(await summary.evaluate((e) => e.parentElement.open))) await summary.click();
  return page.locator("details", { has: summary });
}

export async function meetings(browser, url, options) {
  const mode = options.js === false ? "without scripts" : "with axe";
  const front = await Visitor.make(browser, url, options);
  const health = await Visitor.make(browser, url, options);
  const { page } = front;
  const wrong = (v) => v.page.getByText("There is a problem").count().then((n) => n === 1);
  let meeting;

  await test(`a meeting is called with those who must be there filled in, ${mode}`, async () => {
    await front.signIn(FRONT_DOOR);
    await page.goto("/inbox");
    await page.locator("main tbody tr a").nth(options.js === false ? 3 : 4).click();
    await page.getByRole("link", { name: "Open the child’s chronology" }).click();
    await page.getByLabel("Parts of the record").getByRole("link", { name: "Meetings", exact: true }).click();
    await front.state("meetings-of-child");
    await page.getByRole("link", { name: "Strategy discussion", exact: true }).last().click();
    expect((await page.getByText(/requires it at every meeting/).count()) >= 1, "nothing says why");
    expect(await page.getByLabel(/^Joshua Mensah/).isChecked(), "nobody of the police is chosen");
    await front.state("meeting-call");
    await page.getByLabel("Where?").fill("Room 2");
    await page.getByLabel("At what time?").fill("half past");
    await front.press("Call the meeting");
    expect(await wrong(front), "a meeting without a day was called");
    expect((await page.getByLabel("Where?").inputValue()) === "Room 2", "the place is lost");
    await front.state("meeting-call-error");
    await day(page, "When is the meeting?", 3);
    await page.getByLabel("At what time?").fill("2.30pm");
    await page.getByLabel(/^Yi Chen/).check();
    await page.getByLabel("Who chairs it?").selectOption({ index: 1 });
    await page.getByLabel(/What is it for/).fill(CODE);
    await page.getByLabel(/If a required agency is not invited/).fill(CODE);
    await front.press("Call the meeting");
    await page.getByText("No answer yet").first().waitFor();
    meeting = page.url();
    expect((await page.getByText("14:30").count()) >= 1, "the time is not shown");
    await front.state("meeting-called");
  });

  await test(`the invitation is on My day, and is answered and contributed to, ${mode}`, async () => {
    await health.signIn(HEALTH);
    await health.state("home-invited");
    await health.page.getByRole("link", { name: /Strategy discussion on/ }).first().click();
    await health.state("invitation");
    await health.press("Send the answer");
    expect(await wrong(health), "an empty answer was sent");
    await health.state("invitation-error");
    const writing = await unfold(health.page, "Send something in writing");
    await writing.getByLabel("What does the meeting need to know from you?").fill(CODE);
    await health.press("Send it to the meeting");
    expect((await health.page.getByText("What you sent in writing").count()) === 1, "it is not there");
    await health.page.getByLabel("Yes", { exact: true }).check();
    await health.press("Send the answer");
    expect((await health.page.getByText("You have answered that you come.").count()) === 1, "nothing says what was answered");
    await health.state("invitation-answered");
    await page.goto(meeting);
    expect((await page.getByText("Comes", { exact: true }).count()) === 1, "the caller does not see the answer");
    expect((await page.getByText(/In writing from Yi Chen/).count()) === 1, "the caller does not see what was sent");
  });

  await test(`a meeting that moves is called anew, and a stale page is answered with both, ${mode}`, async () => {
    await page.goto(meeting);
    await page.getByRole("button", { name: /^Change the day/ }).click();
    await front.state("meeting-change");
    const stale = await front.context.newPage();
    await stale.goto(page.url().split("?")[0]);
    await day(page, "When is the meeting?", 2);
    await page.getByLabel("What changes, and why?").fill(CODE);
    await front.press("Change the meeting");
    await page.getByText("How it was called").waitFor();
    await stale.getByLabel("What changes, and why?").fill("A third room.");
    await stale.getByRole("button", { name: "Change the meeting", exact: true }).click();
    expect((await stale.getByRole("heading", { name: "What stands now" }).count()) === 1, `no conflict at ${stale.url()}`);
    expect((await stale.getByText("A third room.").count()) === 1, "what was typed is lost");
    await stale.close();
    await health.page.goto("/");
    await health.page.getByRole("link", { name: /Strategy discussion on/ }).first().click();
    await health.page.getByLabel("Yes", { exact: true }).check();
    await health.press("Send the answer");
  });

  await test(`at the meeting who came is counted, and below the quorum it says who is missing, ${mode}`, async () => {
    await page.goto(meeting);
    await page.getByRole("button", { name: "Record the meeting: who came" }).click();
    await page.getByRole("group", { name: "Who came?" }).getByLabel(/^Yi Chen/).check();
    await front.press("Count who is here");
    expect((await page.getByText("Not quorate", { exact: true }).count()) === 1, "it is not counted");
    await front.state("attendance-counted");
    await front.press("Record the meeting");
    expect(await wrong(front), "it was recorded without a word");
    expect((await page.getByText(/Missing: .*Police/).count()) >= 1, "nobody is missing");
    await front.state("attendance-below-quorum");
    await page.getByLabel(/It goes on below its quorum/).check();
    await page.getByLabel(/why can it not wait/).fill(CODE);
    await page.getByRole("group", { name: /What was decided/ }).getByLabel("Assessment", { exact: true }).check();
    await front.press("Record the meeting");
    await page.getByRole("heading", { name: "What was decided" }).waitFor();
    await front.state("meeting-held");
  });

  await test(`decisions, dissent and actions are minuted one by one, and the minutes are sent, ${mode}`, async () => {
    let form = await unfold(page, "Minute a decision");
    await front.press("Add the decision");
    expect(await wrong(front), "an empty decision was minuted");
    await front.state("meeting-minute-error");
    form = await unfold(page, "Minute a decision");
    await form.getByLabel("What was decided, and why?").fill("Decided by category.");
    await front.press("Add the decision");
    form = await unfold(page, "Record that somebody disagrees");
    await form.getByRole("radio").first().check();
    await form.getByLabel("Who disagrees?").selectOption({ label: "Yi Chen, Northbay Health Trust" });
    await form.getByLabel("Why, in their words?").fill(CODE);
    await front.press("Record it");
    expect((await page.getByText(/^Yi Chen disagrees/).count()) === 1, "the dissent is not there");
    form = await unfold(page, "Minute an action");
    await form.getByLabel("What is to be done?").fill("Offered by category.");
    await form.getByLabel("By which agency?").selectOption({ label: "Northbay Health Trust" });
    await form.getByLabel("By whom? (optional)").selectOption({ label: "Yi Chen, Northbay Health Trust" });
    await day(page, "By when?", 7);
    await front.press("Add the action");
    expect((await page.getByText("Offered by category.").count()) >= 1, "the action is not there");
    form = await unfold(page, "Send the minutes");
    expect(await form.getByLabel(/^Yi Chen/).isChecked(), "who was invited is not chosen");
    await front.press("Send the minutes");
    expect((await page.getByText("Not yet", { exact: true }).count()) >= 1, "no receipt is awaited");
    await front.state("meeting-minuted");
  });

  await test(`the minutes are read and the action is answered, and the record says so, ${mode}`, async () => {
    await health.page.goto("/");
    await health.state("home-minutes");
    await health.page.getByRole("link", { name: /minutes to read/ }).first().click();
    expect((await health.page.getByText("Decided by category.").count()) === 1, "the decision is not in them");
    await health.state("minutes");
    await health.press("I have read them");
    expect((await health.page.getByText("You read them").count()) === 1, "nothing says that they were read");
    await health.page.goto("/");
    await health.page.getByRole("link", { name: /what a meeting agreed/ }).first().click();
    await health.state("action");
    await health.press("Send the answer");
    expect(await wrong(health), "an empty answer was sent");
    await health.page.getByLabel("Done", { exact: true }).check();
    await health.page.getByLabel(/What was done/).fill(CODE);
    await health.press("Send the answer");
    await health.page.getByText("You have answered").waitFor();
    await page.goto(meeting);
    expect((await page.getByText("Read", { exact: true }).count()) >= 1, "the receipt is not there");
    expect((await page.getByText("Done", { exact: true }).count()) === 1, "the action is not done");
    await front.state("meeting-ended");
  });
  for (const v of [front, health]) await v.close();
}
