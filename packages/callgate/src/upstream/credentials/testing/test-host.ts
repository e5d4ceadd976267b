import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BackendHost } from "../../../define/backend-host.ts";
import type { Subject } from "../../../define/subject.ts";
import { createSealer } from "../../../ledger/sealer.ts";
import { openKeyRing } from "../../../secrets/key-ring.ts";
import { createStatementSigner } from "../../../secrets/statements.ts";
import type { StoreDeclaration } from "../../../store/port.ts";
import { sqlite } from "../../../store/sqlite/sqlite.ts";

/** What a gate lends to a backend, over a real store and key ring in a folder. */
export interface TestHost extends AsyncDisposable {
  readonly host: BackendHost;
  readonly folder: string;
  /** What was logged, as text. */
  readonly logged: string[];
}

export interface TestHostOptions {
  /** A folder that is kept, also by others. */
  readonly folder?: string;
  readonly store?: StoreDeclaration;
  readonly clock?: () => number;
}

export async function openTestHost(options: TestHostOptions = {}): Promise<TestHost> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), "callgate-host-"));
  const clock = options.clock ?? Date.now;
  const ring = openKeyRing({ folder });
  const store = await (options.store ?? sqlite(join(folder, "gate.db"))).open({ keyRing: ring, clock });
  const logged: string[] = [];
  const note = (message: string, fields?: object): void => void logged.push(JSON.stringify({ message, ...fields }));
  return {
    folder,
    logged,
    host: {
      tokens: store.tokens,
      sealer: createSealer(ring),
      statements: createStatementSigner(ring, { issuer: "https://gate.example", clock }),
      clock,
      log: { debug: note, info: note, warn: note, error: note },
    },
    [Symbol.asyncDispose]: async () => {
      await store.close();
      if (options.folder === undefined) rmSync(folder, { recursive: true });
    },
  };
}

/** A person who calls. */
export function person(name: string): Subject {
  return {
    kind: "person",
    id: `user:${name}`,
    caller: `key-of-${name}`,
    user: name,
    account: undefined,
    tenant: "north",
    role: undefined,
    modes: [],
    scopes: [],
    domains: undefined,
    attributes: {},
  };
}
