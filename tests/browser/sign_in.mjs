// Sessions and who may sign in: the pages with and without scripts, and the warning before a session ends.
import { expect, test, Visitor } from "./lib.mjs";

export async function sessions(browser, url, options) {
  const how = options.js === false ? "without scripts" : "with scripts";
  const visitor = await Visitor.make(browser, url, options);
  const { page } = visitor;
  await test(`my sessions: every page leads there, and others are ended from there, ${how}`, async () => {
    await visitor.signIn("Zuzana Nováková");
    const twin = await Visitor.make(browser, url, options);
    await twin.signIn("Zuzana Nováková");
    await page.getByRole("link", { name: "My sessions" }).click();
    expect((await visitor.heading()) === "My sessions", await visitor.heading());
    await visitor.state("my-sessions");
    await visitor.press("End all others");
    await page.getByText("ended.").first().waitFor();
    await twin.page.goto("/");
    expect(twin.page.url().includes("/sign-in"), `the other is at ${twin.page.url()}`);
    await twin.close();
  });
  await test(`administration: who works here, and to close somebody's access, ${how}`, async () => {
    await page.getByRole("link", { name: "Administration" }).click();
    expect((await visitor.heading()) === "People and sign-in", await visitor.heading());
    await visitor.state("people");
    const someone = page.locator("table a").first();
    const name = await someone.innerText();
    await someone.click();
    expect((await visitor.heading()) === name, await visitor.heading());
    expect(!(await page.title()).includes(name), "a name stands in the title");
    await visitor.state("person-access");
    await visitor.press("Close their access");
    await page.getByText("Access closed").waitFor();
    await visitor.state("person-access-closed");
    await visitor.press("Let them sign in again");
    await page.getByText("They may sign in again").waitFor();
  });
  await test(`the foot of a page says when the session ends and keeps it, ${how}`, async () => {
    await page.goto("/");
    await page.getByText(/If you do nothing until \d\d:\d\d, you are signed out/).waitFor();
    await page.goto("/session");
    expect((await visitor.heading()) === "You are still signed in", await visitor.heading());
    await visitor.state("session");
    await visitor.press("Stay signed in");
    expect((await visitor.heading()) === "You are still signed in", await visitor.heading());
  });
  if (options.js !== false) {
    await test("a dialog asks before the session ends, what was done elsewhere counts, and to stay puts it away", async () => {
      let left = 200;
      await page.route("**/session/left", (route) => route.fulfill({ contentType: "application/json", body: JSON.stringify({ seconds: left, extends: true, at: "" }) }));
      await page.route(`${url}/`, async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ response: answer, body: (await answer.text()).replace(/data-session-seconds="\d+"/, 'data-session-seconds="301"') });
      });
      await page.goto("/");
      const dialog = page.locator("dialog");
      await dialog.getByText("You will be signed out in 4 minutes").waitFor();
      await visitor.state("session-warning");
      left = 1800;
      await dialog.getByRole("button", { name: "Stay signed in" }).click();
      await dialog.waitFor({ state: "hidden" });
      expect(visitor.faults.length === 0, visitor.faults.join("\n"));
      await page.unrouteAll();
    });
  }
  await visitor.close();
}
