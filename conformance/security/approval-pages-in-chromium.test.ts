import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { isWithout } from "../../packages/callgate/src/testing/is-without.ts";
import { type AskingHouse, openHouse, type Pending } from "./asking-house.ts";

const executablePath = [
  process.env["CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  fileURLToPath(new URL("../../node_modules/.cache/callgate/chromium", import.meta.url)),
].find((path) => path !== undefined && existsSync(path));
const isSkipped = isWithout("Chromium (set CHROMIUM to its path)", executablePath !== undefined);

const IMAGE = `<img src=x onerror="document.title='pwned'">`;
const SCRIPT = `"><script>document.title="pwned"</script><img src=x onerror="document.title='pwned'"><a href="javascript:document.title='pwned'">x</a>`;

vi.setConfig({ testTimeout: 60_000 });

let house: AskingHouse;
let browser: Browser;
let anna: string;
let agent: string;
let elsewhere: Server;
let foreignPage = "";

beforeAll(async () => {
  if (executablePath === undefined) return;
  house = await openHouse();
  anna = (await house.keyFor({ kind: "person", name: "anna", role: "desk" })).secret;
  agent = (await house.keyFor({ kind: "agent", name: IMAGE, user: "anna", role: "desk" })).secret;
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  elsewhere = createServer((_, response) => response.setHeader("content-type", "text/html").end(foreignPage));
  await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
}, 60_000);

afterAll(async () => {
  if (isSkipped) return;
  await browser.close();
  elsewhere.close();
  await house[Symbol.asyncDispose]();
});

/** Another site to the browser: the same machine by another name. */
const foreignOrigin = (): string => `http://localhost:${(elsewhere.address() as AddressInfo).port}`;

async function signedIn(): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${house.origin}/approvals`);
  await page.fill("#key", anna);
  await page.click("button");
  await page.waitForURL(`${house.origin}/approvals`);
  return page;
}

async function stateOf({ id }: Pending): Promise<unknown> {
  return (await house.call(anna, "get_approval", { approval_id: id }))["state"];
}

test.skipIf(isSkipped)("a person follows a link from another site, and decides by the form (SECURITY 32)", async () => {
  const asked = await house.ask(agent, { level: "owner", reason: "a visitor" });
  const page = await signedIn();
  foreignPage = `<a href="${house.origin}${asked.path}">here</a>`;
  await page.goto(foreignOrigin());
  await page.click("a");
  await page.waitForSelector("button.approve");
  expect(await page.textContent("h1")).toBe("Open door");
  await page.fill("#note", "let them in");
  await page.click("button.approve");
  await page.waitForSelector(".state.approved");
  expect(await stateOf(asked)).toBe("approved");
  await page.context().close();
});

test.skipIf(isSkipped)("script in every field is shown and does not run (SECURITY 32)", async () => {
  const asked = await house.ask(agent, { level: "owner", door: SCRIPT, reason: SCRIPT });
  const page = await signedIn();
  const refused: string[] = [];
  page.on("console", (message) => refused.push(message.text()));
  for (const path of ["/approvals", asked.path]) {
    await page.goto(`${house.origin}${path}`);
    expect(await page.title()).not.toContain("pwned");
    expect(await page.locator("script, img").count()).toBe(0);
    expect(await page.textContent("main")).toContain(SCRIPT);
  }
  await page.fill("#note", SCRIPT);
  await page.click("button.deny");
  await page.waitForSelector(".state.denied");
  expect(await page.locator("script, img").count()).toBe(0);
  // Where markup did get in, the page's own policy would not run it.
  await page.evaluate(`document.body.insertAdjacentHTML("beforeend", ${JSON.stringify(IMAGE)})`);
  await expect.poll(() => refused.join()).toContain("Content Security Policy");
  expect(await page.title()).not.toContain("pwned");
  await page.context().close();
});

test.skipIf(isSkipped)("another site can neither frame the form nor send it (SECURITY 32)", async () => {
  const asked = await house.ask(agent, { level: "owner" });
  const page = await signedIn();
  await page.goto(`${house.origin}${asked.path}`);
  const token = await page.inputValue("main input[name=token]");
  foreignPage = `<iframe src="${house.origin}${asked.path}"></iframe>`;
  await page.goto(foreignOrigin());
  await expect
    .poll(() =>
      page
        .frames()
        .map((frame) => frame.url())
        .join(),
    )
    .toContain("chrome-error:");
  foreignPage = `<form method="post" action="${house.origin}${asked.path}"><input name="token" value="${token}">
<input name="deed" value="approve"><button>Win</button></form>`;
  await page.goto(foreignOrigin());
  await page.click("button");
  await page.waitForURL(`${house.origin}${asked.path}`);
  expect(await page.textContent("body")).toContain("not sent by a page of this gate");
  expect(await stateOf(asked)).toBe("awaiting");
  await page.context().close();
});

test.skipIf(isSkipped)("the pages read on a phone without scrolling sideways", async () => {
  const asked = await house.ask(agent, { level: "owner", door: "long".repeat(60), reason: "x".repeat(300) });
  const page = await signedIn();
  await page.setViewportSize({ width: 320, height: 640 });
  for (const path of ["/approvals", asked.path]) {
    await page.goto(`${house.origin}${path}`);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(320);
  }
  await page.context().close();
});
