import { execFile, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..", "..", "..");
const folders: string[] = [];
let checkout: string;

/** The example where a checkout has it, with a `.callgate` of its own. */
beforeAll(() => {
  checkout = mkdtempSync(join(tmpdir(), "rentals-start-"));
  folders.push(checkout);
  cpSync(join(root, "examples/rentals/src"), join(checkout, "examples/rentals/src"), { recursive: true });
  writeFileSync(join(checkout, "package.json"), '{ "type": "module" }');
  symlinkSync(join(root, "node_modules"), join(checkout, "node_modules"));
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

interface Demo {
  readonly url: string;
  readonly keys: Readonly<Record<string, string>>;
}

const readDemo = (): Demo => JSON.parse(readFileSync(join(checkout, ".callgate/demo.json"), "utf8")) as Demo;

/** Starts it as `npm start` does, until the demonstration is over. */
async function start(): Promise<{ said: string; stop(): Promise<number | null> }> {
  const { PORT: _port, HOST: _host, RENTALS_DB: _db, ...env } = process.env;
  const child = spawn(process.execPath, [join(checkout, "examples/rentals/src/start.ts")], {
    env: { ...env, PORT: "0", HOST: "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  let said = "";
  let told = (): void => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      told();
    });
  }
  await new Promise<void>((resolve, reject) => {
    told = () => (/its audit:[\s\S]*cancelled again|demonstration .* did not/.test(said) ? resolve() : undefined);
    void ended.then((code) => reject(new Error(`it ended with ${code}: ${said}`)));
  });
  return {
    said,
    stop: () => {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

it("serves, shows a write that landed once, and prints calls that work when pasted", async () => {
  const started = await start();
  const { url, keys } = readDemo();
  expect(Object.keys(keys)).toEqual(["frontdesk", "owner", "reader", "channel", "operator"]);
  expect(statSync(join(checkout, ".callgate/demo.json")).mode & 0o777).toBe(0o600);
  expect(new URL(url).hostname).toBe("127.0.0.1");
  expect((await fetch(`${url}/health`)).status).toBe(200);
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

it("keeps its keys from start to start, and lives through a broken demo.json", async () => {
  const before = readDemo().keys;
  const second = await start();
  expect(readDemo().keys).toEqual(before);
  await second.stop();
  writeFileSync(join(checkout, ".callgate/demo.json"), '{ "keys": { "owner": "cg_p_nonsense" }, ');
  const third = await start();
  const { url, keys } = readDemo();
  expect(keys).toEqual(before);
  expect((await fetch(`${url}/health`)).status).toBe(200);
  await third.stop();
});

it.each(["abc", "-1", "70000"])("says that %s is no port, before anything is opened", async (PORT) => {
  const started = run(process.execPath, [join(checkout, "examples/rentals/src/start.ts")], {
    env: { ...process.env, PORT },
  });
  await expect(started).rejects.toMatchObject({ code: 4, stderr: `PORT is "${PORT}". It may be 0 to 65535.\n` });
});
