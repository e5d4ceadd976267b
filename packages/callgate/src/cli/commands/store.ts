import { resolve } from "node:path";
import type { Command } from "commander";
import { openKeyRing } from "../../secrets/key-ring.ts";
import { loadSecrets } from "../../secrets/load-secrets.ts";
import { remoteRing } from "../../secrets/ring-source.ts";
import type { StoreDeclaration } from "../../store/port.ts";
import { StoreError } from "../../store/store-error.ts";
import type { SchemaState, StoreStatus, StoreUpkeep } from "../../store/upkeep-port.ts";
import { CliError } from "../cli-error.ts";
import { type CommandContext, withExamples } from "../command.ts";
import { findConfig } from "../connection/find-config.ts";
import { loadConfig } from "../connection/load-config.ts";
import { toTable } from "../printing/table.ts";
import type { Terminal } from "../terminal.ts";
import { exportStore, importStore } from "./store-archive.ts";

/** Options that each of these commands takes. */
interface StoreOptions {
  readonly config?: string;
  readonly json?: boolean;
}

/** A store as a command works on it. */
export interface OpenedStore {
  readonly declaration: StoreDeclaration;
  readonly upkeep: StoreUpkeep;
}

export function addStoreCommands(program: Command, context: CommandContext): void {
  const { terminal } = context;
  const store = program
    .command("store")
    .description(
      "look after the gate's store: its schema, what it holds, and moving it from one kind of store to another",
    );
  const add = (name: string, description: string): Command =>
    store
      .command(name)
      .description(description)
      .option("--config <file>", "the gate's config; callgate.config.ts in this folder unless given")
      .option("--debug", "show where a failure comes from");
  const migrate = add("migrate", "bring the schema to the newest state, as a gate does when it starts")
    .option("--check", "change nothing; exits with 1 where steps are pending")
    .action(async (options: StoreOptions & { readonly check?: boolean }) =>
      withStore(options, terminal, (opened) => migrateStore(opened, options, context)),
    );
  const status = add("status", "show what the store holds, its size, and whether its schema is the newest")
    .option("--json", "print JSON, one value, for programs")
    .action(async (options: StoreOptions) =>
      withStore(options, terminal, (opened) => showStatus(opened, options, terminal)),
    );
  const out = add("export", "write everything that is kept as JSON lines, for another store; sealed stays sealed")
    .option("--out <file>", "a file that is not there yet; stdout unless given")
    .action(async (options: StoreOptions & { readonly out?: string }) => {
      const path = options.out === undefined ? undefined : resolve(terminal.folder, options.out);
      await withStore(options, terminal, (opened) => exportStore(opened, path, terminal));
    });
  const into = add(
    "import <file>",
    "put an export into this gate's store, which must be empty: all of it, or nothing",
  ).action(async (file: string, options: StoreOptions) => {
    const path = resolve(terminal.folder, file);
    await withStore(options, terminal, (opened) => importStore(opened, path, terminal));
  });
  withExamples(migrate, ["callgate store migrate --check", "DATABASE_URL=postgres://… callgate store migrate"]);
  withExamples(status, ["callgate store status", "callgate store status --json | jq .audit.rows"]);
  withExamples(out, ["callgate store export --out store.ndjson"]);
  withExamples(into, ["DATABASE_URL=postgres://… callgate store import store.ndjson"]);
}

async function withStore(
  { config: named }: StoreOptions,
  terminal: Terminal,
  work: (opened: OpenedStore) => Promise<void>,
): Promise<void> {
  const path = findConfig(terminal.folder, named);
  if (path === undefined) {
    throw new CliError("cannotStart", "This folder has no callgate.config.ts.", { next: "Name one with --config." });
  }
  const { store: declaration, keyRing: reference } = await loadConfig(path);
  await loadSecrets(remoteRing(reference));
  const ring = openKeyRing({ folder: declaration.folder, reference, environment: terminal.environment });
  const upkeep = await declaration.upkeep({ keyRing: ring, clock: Date.now });
  try {
    await work({ declaration, upkeep });
  } catch (error) {
    throw error instanceof StoreError ? explain(error) : error;
  } finally {
    await upkeep.close();
  }
}

function explain(error: StoreError): Error {
  const said = `${error.message}.`;
  if (error.code === "store_conflict")
    return new CliError("failed", said, { next: "Name an empty store. Nothing was changed.", cause: error });
  if (error.code === "store_invalid")
    return new CliError("failed", said, { next: "Nothing was changed.", cause: error });
  return error;
}

async function migrateStore(
  { declaration, upkeep }: OpenedStore,
  { check }: { readonly check?: boolean },
  { terminal, end }: CommandContext,
): Promise<void> {
  const { taken, pending } = check === true ? await upkeep.schema() : await upkeep.migrate();
  if (pending.length === 0) return terminal.say(`${declaration.location} has the newest schema: ${taken} steps.`);
  if (check !== true) return terminal.say(`${declaration.location}: ${pending.length} steps were taken.`);
  terminal.data(pending.join("\n"));
  terminal.say(`${declaration.location}: ${pending.length} steps are pending. Take them: callgate store migrate`);
  end("failed");
}

async function showStatus(
  { declaration, upkeep }: OpenedStore,
  { json }: StoreOptions,
  terminal: Terminal,
): Promise<void> {
  const { kind, location } = declaration;
  const schema = await upkeep.schema();
  const held = await upkeep.status();
  if (json === true) return terminal.data(JSON.stringify({ kind, location, schema, ...held }));
  terminal.data(
    toTable(["what", "how much"], [["store", `${kind}, ${location}`], ["schema", wordsOf(schema)], ...rowsOf(held)]),
  );
}

function wordsOf({ taken, pending }: SchemaState): string {
  return pending.length === 0
    ? `${taken} steps, the newest`
    : `${taken} steps, ${pending.length} pending: callgate store migrate`;
}

function rowsOf(held: StoreStatus | undefined): readonly (readonly string[])[] {
  if (held === undefined) return [];
  const { writes, keys, tasks, audit, bytes } = held;
  const byState = Object.entries(writes).map(([state, count]) => `${count} ${state}`);
  return [
    ["writes", byState.join(", ") || "none"],
    ["keys", String(keys)],
    ["tasks", String(tasks)],
    ["audit rows", `${audit.rows} in ${audit.segments} segments, ${audit.openRows} of them in open ones`],
    ["text index", audit.textIndexLag === 0 ? "up to date" : `${audit.textIndexLag} rows behind`],
    ["size", `${(bytes / 1e6).toFixed(1)} MB`],
  ];
}
