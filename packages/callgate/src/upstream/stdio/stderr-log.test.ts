import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CallLog } from "../../define/context.ts";
import { Child } from "./child.ts";
import { StderrLog } from "./stderr-log.ts";

const DROPPED = "an upstream said more on stderr than is logged";

interface Entry {
  readonly words: string;
  readonly fields: Record<string, unknown> | undefined;
}

function keepEntries(): { log: CallLog; entries: Entry[]; lines: () => unknown[]; dropped: () => unknown[] } {
  const entries: Entry[] = [];
  const keep = (words: string, fields?: Record<string, unknown>): void => void entries.push({ words, fields });
  const dropped = (): Entry[] => entries.filter(({ words }) => words === DROPPED);
  return {
    log: { debug: keep, info: keep, warn: keep, error: keep },
    entries,
    lines: () => entries.filter(({ words }) => words !== DROPPED).map(({ fields }) => fields?.["line"]),
    dropped: () => dropped().map(({ fields }) => fields?.["lines"]),
  };
}

const numbered = (count: number): string => Array.from({ length: count }, (_, index) => `line ${index}\n`).join("");

describe("[G1] what a program says on stderr", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("is whole where a letter comes in two pieces", () => {
    const { log, lines } = keepEntries();
    const words = new StderrLog(log, "crm");
    const said = Buffer.from("größe ✓ 🐝\n");
    for (const byte of said) words.take(Buffer.of(byte));
    words.take(said.subarray(0, 3));
    words.end();
    expect(lines()).toEqual(["größe ✓ 🐝", "gr\u{fffd}"]);
  });

  it("is told of where it was too much, though nothing follows", () => {
    const { log, lines, dropped } = keepEntries();
    new StderrLog(log, "crm").take(Buffer.from(numbered(150)));
    expect(lines()).toHaveLength(100);
    expect(dropped()).toEqual([]);
    vi.advanceTimersByTime(10_000);
    expect(dropped()).toEqual([50]);
  });

  it("is told of once, whatever follows", () => {
    const { log, dropped } = keepEntries();
    const words = new StderrLog(log, "crm");
    words.take(Buffer.from(numbered(150)));
    vi.advanceTimersByTime(10_000);
    words.take(Buffer.from(numbered(110)));
    words.end();
    vi.advanceTimersByTime(20_000);
    expect(dropped()).toEqual([50, 10]);
  });
});

it("[G1] tells how much of a program's last words was not logged once it has ended", async () => {
  const { log, lines, dropped } = keepEntries();
  const script = `process.stderr.write(${JSON.stringify(numbered(150))})`;
  const program = { command: process.execPath, args: ["-e", script], env: {}, cwd: undefined };
  const child = new Child({ name: "crm", ...program, log, maxMessageBytes: 1_000 }, { line() {}, ended() {} });
  await expect.poll(dropped, { timeout: 20_000 }).toEqual([50]);
  expect(lines()).toHaveLength(100);
  await child.close();
});
