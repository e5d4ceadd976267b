import { execFile } from "node:child_process";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Checkout, type Started } from "./testing/checkout.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..", "..", "..");
let checkout: Checkout;

beforeAll(() => {
  checkout = new Checkout();
});
afterAll(() => checkout.remove());

/** As `npm start` does, without npm's own ways with signals. */
const start = (): Promise<Started> => checkout.start("node examples/rentals/src/start.ts");

it("serves, shows a write that landed once, and prints calls that work when pasted", { timeout: 60_000 }, async () => {
  const started = await start();
  const { url, keys } = checkout.demo();
  expect(Object.keys(keys)).toEqual(["frontdesk", "manager", "agent", "owner", "reader", "channel", "operator"]);
  expect(statSync(join(checkout.folder, ".callgate/demo.json")).mode & 0o777).toBe(0o600);
  expect(new URL(url).hostname).toBe("127.0.0.1");
  expect((await fetch(`${url}/health`)).status).toBe(200);
  for (const [domain, tools] of [
    ["bookings", "create_booking, cancel_booking"],
    ["guests", "update_guest_contact"],
  ])
    expect(started.said).toMatch(
      new RegExp(`^First start: ${domain} passed its smoke test .* writes too: ${tools}$`, "m"),
    );
  expect(started.said).toContain("the same booking: it landed once");
  expect(started.said).toMatch(/call_\w+ +ok +(write_\w+).*\n.*call_\w+ +replayed +\1/);
  const [curl] = /^curl[\s\S]*?'$\n/m.exec(started.said) ?? [""];
  const pasted = await run("bash", ["-c", curl.trim()]);
  expect(JSON.parse(pasted.stdout)).toMatchObject({ result: { structuredContent: { bookings: expect.any(Array) } } });
  const [command] = /^npx callgate call.*$/m.exec(started.said) ?? [""];
  const called = await run("bash", ["-c", command], { cwd: root });
  expect(JSON.parse(called.stdout)).toMatchObject({ bookings: expect.any(Array) });
  expect(await started.stop()).toBe(0);
});

it("keeps its keys from start to start, and lives through a broken demo.json", { timeout: 60_000 }, async () => {
  const before = checkout.demo().keys;
  const second = await start();
  expect(second.said).not.toMatch(/First start| is off/);
  expect(checkout.demo().keys).toEqual(before);
  await second.stop();
  writeFileSync(join(checkout.folder, ".callgate/demo.json"), '{ "keys": { "owner": "cg_p_nonsense" }, ');
  const third = await start();
  const { url, keys } = checkout.demo();
  expect(keys).toEqual(before);
  expect((await fetch(`${url}/health`)).status).toBe(200);
  await third.stop();
});

it.each(["abc", "-1", "70000"])("says that %s is no port, before anything is opened", async (PORT) => {
  const started = run(process.execPath, [join(checkout.folder, "examples/rentals/src/start.ts")], {
    env: { ...process.env, PORT },
  });
  await expect(started).rejects.toMatchObject({ code: 4, stderr: `PORT is "${PORT}". It may be 0 to 65535.\n` });
});
