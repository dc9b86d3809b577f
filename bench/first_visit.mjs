// What a first and a second visit weigh, and when the largest thing is painted, on a line of 400 kbit/s and 400 ms.
//
//   WAYMARK=build/release/waymark scripts/in-node.sh bench/first_visit.mjs [TIMES]
import { launch, serve } from "../tests/browser/lib.mjs";
import { visits, weigh } from "../tests/browser/weight.mjs";

const times = Number(process.argv[2] ?? 3);
const middle = (numbers) => numbers.slice().sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const child = async (page) => {
  await page.goto("/caseload");
  const standing = await page.locator('main a[href^="/children/"]').first().getAttribute("href");
  return standing.replace("/standing", "");
};
const server = await serve();
const browser = await launch();
try {
  const all = [...visits, { what: "a child's page", name: "Amina Rahman", path: child }];
  for (const { what, name, path } of all) {
    const seen = [];
    for (let n = 0; n < times; n += 1) seen.push(await weigh(browser, server.url, name, path, { kbit: 400, ms: 400 }));
    const told = (which) => ({
      bytes: middle(seen.map((one) => one[which].bytes)),
      requests: middle(seen.map((one) => one[which].requests)),
      largest_paint_ms: Math.round(middle(seen.map((one) => one[which].paint))),
    });
    console.log(JSON.stringify({ page: what, first: told("first"), repeat: told("repeat") }));
  }
} finally {
  await browser.close();
  await server.stop();
}
