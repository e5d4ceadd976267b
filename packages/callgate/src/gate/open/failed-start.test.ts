import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import type { BackendSecrets } from "../../define/backend.ts";
import { type Domain, defineDomain } from "../../define/domain.ts";
import type { Store, StoreDeclaration } from "../../store/port.ts";
import { sqlite } from "../../store/sqlite/sqlite.ts";
import { longDomain } from "../testing/long-domain.ts";
import { createGate } from "./create-gate.ts";

let folder: string;
let opened: Store[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "callgate-start-"));
  opened = [];
});
afterEach(() => {
  vi.useRealTimers();
  return rm(folder, { recursive: true });
});

/** SQLite, whose stores a test may look at. */
function watchedStore(): StoreDeclaration {
  const declared = sqlite(join(folder, "gate.db"));
  const open: StoreDeclaration["open"] = async (options) => {
    const store = await declared.open(options);
    opened.push(store);
    return store;
  };
  return { ...declared, open };
}

interface Telling {
  readonly told: string[];
  readonly onStart?: () => void;
  readonly onStop?: () => void;
}

/** A domain whose backend tells what becomes of it. */
function domainOf(name: string, { told, onStart, onStop }: Telling): Domain<BackendSecrets> {
  const domain = defineDomain(name, {
    owner: "o",
    purpose: "p",
    concern: "c",
    backend: {
      start: (secrets) => {
        onStart?.();
        return secrets;
      },
      stop: ({ access }) => {
        told.push(`${name} ${access}`);
        onStop?.();
      },
    },
  });
  domain.write(`make_${name}`, {
    description: `Makes one of all the ${name}.`,
    input: z.object({}),
    plan: () => ({ preview: {} }),
    commit: () => "",
  });
  return domain;
}

const gateOf = { name: "g", callers: { anonymous: { mode: "stranger" } }, graduation: "off" } as const;
const isClosed = () => expect(opened.at(-1)?.keys.list()).rejects.toThrow();

test("[B1] a backend that does not come up leaves neither the others nor the store open", async () => {
  const told: string[] = [];
  const onStart = (): never => {
    throw new Error("no route to host");
  };
  const domains = [domainOf("beds", { told }), domainOf("rooms", { told, onStart })];
  await expect(createGate({ ...gateOf, domains, store: watchedStore() })).rejects.toThrow(/no route to host/);
  expect(told.toSorted()).toEqual(["beds read", "beds write"]);
  await isClosed();
});

test("[B1] a start that fails after the backends are up stops them, and says what broke first", async () => {
  const told: string[] = [];
  let up = false;
  const domains = [
    domainOf("beds", {
      told,
      onStart: () => {
        up = true;
      },
      onStop: () => {
        throw new Error("will not stop");
      },
    }),
  ];
  const clock = (): number => {
    if (up) throw new Error("the clock has stopped");
    return Date.now();
  };
  const opening = createGate({ ...gateOf, domains, store: watchedStore() }, { clock, log: silent });
  await expect(opening).rejects.toThrow("the clock has stopped");
  // One side that will not stop leaves the other none the less.
  expect(told.toSorted()).toEqual(["beds read", "beds write"]);
  await isClosed();
});

test("[B1] a start that fails leaves nothing that looks again, however far it came", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const onStart = (): never => {
    throw new Error("no route to host");
  };
  const early = { ...gateOf, domains: [domainOf("rooms", { told: [], onStart })], store: watchedStore() };
  await expect(createGate(early, { log: silent })).rejects.toThrow(/no route to host/);
  expect(vi.getTimerCount()).toBe(0);

  // What is said last before long work is begun is which tools are off.
  let isOff = false;
  const log = {
    ...silent,
    warn: () => {
      isOff = true;
    },
  };
  const clock = (): number => {
    if (isOff) throw new Error("the clock has stopped");
    return Date.now();
  };
  const domains = [longDomain({ longRunning: { schedule: { cron: "0 3 * * *", with: { name: "nightly" } } } }).domain];
  const late = { ...gateOf, graduation: "required", domains, store: watchedStore() } as const;
  await expect(createGate(late, { clock, log })).rejects.toThrow("the clock has stopped");
  expect(vi.getTimerCount()).toBe(0);
  await isClosed();
});

const nothing = (): void => {};
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };
