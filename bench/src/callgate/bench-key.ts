import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { createMemoryTransport, type Gate } from "callgate";

/** Where a gate under test listens, and a key that may call its tools. */
export interface BenchAccess {
  readonly url: string;
  readonly key: string;
}

/** Has the gate issue an agent's key, as its operator at this machine. */
export async function createKey(gate: Gate): Promise<string> {
  const operator = new Client({ name: "callgate-bench", version: "1.0.0" }, { versionNegotiation: { mode: "auto" } });
  await operator.connect(createMemoryTransport({ host: gate.host }));
  try {
    const grant = { kind: "agent", name: "bench", user: "anna", role: "desk" };
    const { structuredContent } = await operator.callTool({
      name: "create_key",
      arguments: { ...grant, idempotency_key: randomUUID() },
    });
    const secret = (structuredContent as { readonly secret?: unknown } | undefined)?.secret;
    if (typeof secret !== "string") throw new Error("The gate under test issued no key.");
    return secret;
  } finally {
    await operator.close();
  }
}

/** Writes the file in one step: who finds it finds all of it. Nobody else on this machine may read it. */
export function writeAccess(path: string, access: BenchAccess): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, `${JSON.stringify(access, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

export function readAccess(path: string): BenchAccess {
  return JSON.parse(readFileSync(path, "utf8")) as BenchAccess;
}
