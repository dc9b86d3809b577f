// What a visit weighs on the line: bytes and requests of a first visit, with nothing kept, and of a second to the same page.
import { expect, test, Visitor } from "./lib.mjs";

export const most = { first: 90_000, requests: 6, repeat: 15_000 };

// A page as a browser opens it that has signed in and kept nothing; then once more. Bytes are those on the wire, heads
// included. `line`: { kbit, ms } of a slow one; then the largest paint is told too, in ms.
export async function weigh(browser, url, name, path, line) {
  const signed = await Visitor.make(browser, url);
  if (name) await signed.signIn(name);
  const cookies = await signed.context.cookies();
  const address = typeof path === "function" ? await path(signed.page) : path;
  await signed.close();

  const context = await browser.newContext({ baseURL: url, viewport: { width: 390, height: 844 }, locale: "en-GB" });
  await context.addCookies(cookies);
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send("Network.enable");
  if (line) {
    const bytes = (line.kbit * 1000) / 8;
    await cdp.send("Network.emulateNetworkConditions", {
      offline: false, latency: line.ms, downloadThroughput: bytes, uploadThroughput: bytes,
    });
  }
  const kept = new Set();
  let seen = { bytes: 0, requests: 0 };
  cdp.on("Network.requestServedFromCache", ({ requestId }) => kept.add(requestId));
  cdp.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (kept.has(requestId) || encodedDataLength === 0) return;
    seen.bytes += encodedDataLength;
    seen.requests += 1;
  });
  const visit = async () => {
    seen = { bytes: 0, requests: 0 };
    const response = await page.goto(address, { waitUntil: "networkidle" });
    expect(response.status() === 200, `${address}: ${response.status()}`);
    const paint = await page.evaluate(() => new Promise((done) => {
      new PerformanceObserver((list) => done(list.getEntries().at(-1).startTime))
        .observe({ type: "largest-contentful-paint", buffered: true });
      setTimeout(() => done(null), 3_000);
    }));
    return { ...seen, paint };
  };
  const first = await visit();
  const repeat = await visit();
  await context.close();
  return { first, repeat };
}

export const visits = [
  { what: "the sign-in page", path: "/sign-in" },
  { what: "my day at the front door", name: "Maeve Brennan", path: "/" },
  { what: "the inbox", name: "Maeve Brennan", path: "/inbox" },
  { what: "my day in a school", name: "Elena Vásquez", path: "/" },
];

export async function weights(browser, url) {
  for (const { what, name, path } of visits) {
    await test(`${what} weighs little on a first visit, and less on the next`, async () => {
      const { first, repeat } = await weigh(browser, url, name, path);
      expect(first.bytes > 1_000 && repeat.bytes > 1_000, `nothing was weighed: ${first.bytes}, ${repeat.bytes}`);
      expect(first.bytes <= most.first, `first: ${first.bytes} bytes, asked ${most.first}`);
      expect(first.requests <= most.requests, `first: ${first.requests} requests, asked ${most.requests}`);
      expect(repeat.bytes <= most.repeat, `repeat: ${repeat.bytes} bytes, asked ${most.repeat}`);
    });
  }
}
