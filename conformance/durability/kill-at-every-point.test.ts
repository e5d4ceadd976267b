import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { describeWithPostgres, usePostgres } from "../../packages/callgate/src/store/postgres/testing/use-postgres.ts";
import type { Answer } from "../../packages/callgate/src/wire/exchange.ts";
import type { Books, Setting } from "./messages.ts";
import { type BookingsProcess, startBookings } from "./start-bookings.ts";

/** Where nothing has been done yet, or all is stored: how the backend is built makes no difference. */
const clearPoints = ["received", "claimed", "planned", "outcome-stored", "recorded"] as const;
/** Where only the backend knows the truth. */
const doubtfulPoints = ["running", "before-effect", "effect-made", "committed"] as const;
type Point = (typeof clearPoints)[number] | (typeof doubtfulPoints)[number];

const backends = [
  { takesIdempotencyKey: true, hasLookup: true },
  { takesIdempotencyKey: true, hasLookup: false },
  { takesIdempotencyKey: false, hasLookup: true },
  { takesIdempotencyKey: false, hasLookup: false },
] as const;
type Backend = (typeof backends)[number];

interface Aftermath {
  readonly second: Answer;
  readonly effects: number;
  readonly books: Books;
}

/** Kills the process within a call, starts another on the same files, sends the same call again, and looks at everything. */
async function killedAt(dieAt: Point, backend: Backend, input: Readonly<Record<string, unknown>>): Promise<Aftermath> {
  return inFolder(async (setting) => {
    const first = await startBookings({ ...setting, dieAt });
    expect(await first.call(input)).toBe("SIGKILL");
    return aftermathOf(await startBookings(setting), setting.folder, input);
  }, backend);
}

/** The same, with the second process up before the first one dies: a replica, which never starts anew. */
async function killedBeside(dieAt: Point, backend: Backend, database?: string): Promise<Aftermath> {
  return inFolder(async (given) => {
    const setting = { ...given, database };
    const replica = await startBookings(setting);
    const first = await startBookings({ ...setting, dieAt });
    expect(await first.call(input)).toBe("SIGKILL");
    return aftermathOf(replica, setting.folder, input);
  }, backend);
}

async function aftermathOf(
  process: BookingsProcess,
  folder: string,
  input: Readonly<Record<string, unknown>>,
): Promise<Aftermath> {
  const second = await process.call(input);
  if (typeof second === "string") throw new Error(`the second process died: ${second}`);
  const books = await process.books();
  await process.end();
  return { second, effects: countEffects(folder), books };
}

async function inFolder(work: (setting: Setting) => Promise<Aftermath>, backend: Backend): Promise<Aftermath> {
  const folder = await mkdtemp(join(tmpdir(), "callgate-durability-"));
  try {
    return await work({ folder, database: undefined, ...backend, dieAt: undefined });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function countEffects(folder: string): number {
  const database = new DatabaseSync(join(folder, "effects.db"), { readOnly: true });
  const { count } = database.prepare("SELECT count(*) AS count FROM bookings").get() as { count: number };
  database.close();
  return count;
}

function codeOf(answer: Answer): string | undefined {
  return /"code":"([a-z_]+)"/.exec(answer.kind === "result" ? (answer.meta ?? "") : answer.message)?.[1];
}

/** How the audit names the call that was cut off. */
const recordedAs: Readonly<Record<Point, string | undefined>> = {
  received: undefined,
  claimed: "recovered interrupted",
  planned: "recovered interrupted",
  running: "recovered unknown",
  "before-effect": "recovered unknown",
  "effect-made": "recovered unknown",
  committed: "recovered unknown",
  "outcome-stored": "recovered ok",
  recorded: "call ok",
};

function expectOnRecord({ books }: Aftermath, point: Point): void {
  const [write] = books.writes;
  expect(books.writes).toHaveLength(1);
  expect(books.verification.faults).toEqual([]);
  const [, ...before] = books.audit;
  const expected = recordedAs[point];
  expect(before.map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual(expected === undefined ? [] : [expected]);
  expect(books.audit.every(({ writeId }) => writeId === write?.id)).toBe(true);
}

const named = (backend: Backend): string =>
  `${backend.takesIdempotencyKey ? "takes the key" : "takes no key"}, ${backend.hasLookup ? "can be asked" : "cannot be asked"}`;

const clear = clearPoints.flatMap((point) => [backends[0], backends[3]].map((backend) => ({ point, backend })));
const doubtful = doubtfulPoints.flatMap((point) => backends.map((backend) => ({ point, backend })));
const input = { guest: "Ann", idempotency_key: "k1" };

describe("kill -9 where the gate knows the truth", () => {
  it.each(clear.map((each) => ({ ...each, name: named(each.backend) })))(
    "[W2] at $point (backend $name): the same call again leaves one effect, and both calls on record (SECURITY 33)",
    async ({ point, backend }) => {
      const aftermath = await killedAt(point, backend, input);
      expect(codeOf(aftermath.second)).toBeUndefined();
      expect(aftermath.effects).toBe(1);
      expect(aftermath.books.writes[0]?.state).toBe("done");
      expectOnRecord(aftermath, point);
    },
  );
});

describe("kill -9 where only the backend knows the truth", () => {
  it.each(doubtful.map((each) => ({ ...each, name: named(each.backend) })))(
    "[W2] at $point (backend $name): never two effects, and never a silent loss (SECURITY 33)",
    async ({ point, backend }) => {
      const aftermath = await killedAt(point, backend, input);
      const wasMade = point === "effect-made" || point === "committed";
      const isClear = backend.takesIdempotencyKey || (backend.hasLookup && wasMade);
      expect(codeOf(aftermath.second)).toBe(isClear ? undefined : "outcome_unknown");
      expect(aftermath.books.writes[0]?.state).toBe(isClear ? "done" : "unknown");
      expect(aftermath.effects).toBe(isClear || wasMade ? 1 : 0);
      expectOnRecord(aftermath, point);
    },
  );
});

describe("kill -9 beside a replica on the same files", () => {
  it.each(["claimed", "running", "effect-made", "outcome-stored"] as const)(
    "[W2] at %s: the replica answers the same call at once, with one effect and both calls on record (SECURITY 33)",
    async (point) => {
      const aftermath = await killedBeside(point, backends[0]);
      expect(codeOf(aftermath.second)).toBeUndefined();
      expect(aftermath.effects).toBe(1);
      expect(aftermath.books.writes[0]?.state).toBe("done");
      if (point !== "outcome-stored") expectOnRecord(aftermath, point);
    },
  );
});

describeWithPostgres("kill -9 beside a replica on PostgreSQL", () => {
  const used = usePostgres();

  it.each(["claimed", "planned", "running", "before-effect", "effect-made", "committed", "outcome-stored"] as const)(
    "[W2] at %s: the same call on another replica leaves one effect, and both calls on record (SECURITY 33)",
    async (point) => {
      const aftermath = await killedBeside(point, backends[0], await used.newDatabase());
      expect(codeOf(aftermath.second)).toBeUndefined();
      expect(aftermath.effects).toBe(1);
      expect(aftermath.books.writes[0]?.state).toBe("done");
      if (point !== "outcome-stored") expectOnRecord(aftermath, point);
    },
  );

  it.each(["running", "effect-made"] as const)(
    "[W2] at %s, where the backend cannot tell: another replica does not do it again, and says so (SECURITY 33)",
    async (point) => {
      const aftermath = await killedBeside(point, backends[3], await used.newDatabase());
      expect(codeOf(aftermath.second)).toBe("outcome_unknown");
      expect(aftermath.effects).toBe(point === "effect-made" ? 1 : 0);
      expectOnRecord(aftermath, point);
    },
  );
});

describe("kill -9 within a call without a key", () => {
  it("[W2] after the effect: the same call again finds its row and its effect", async () => {
    const aftermath = await killedAt("effect-made", backends[2], { guest: "Ann" });
    expect(codeOf(aftermath.second)).toBeUndefined();
    expect(aftermath.effects).toBe(1);
  });

  it("[W2] after the outcome was stored: the same call again is neither done nor swallowed", async () => {
    const aftermath = await killedAt("outcome-stored", backends[3], { guest: "Ann" });
    expect(codeOf(aftermath.second)).toBe("repeat_unclear");
    expect(aftermath.effects).toBe(1);
  });
});
