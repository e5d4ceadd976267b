import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CallLog } from "../../define/context.ts";
import type { AnyDomain } from "../../define/domain.ts";
import { type CallersConfig, defineGate, type GateConfig } from "../../define/gate-config.ts";
import type { Identity } from "../../define/subject.ts";
import { sqlite } from "../../store/sqlite/sqlite.ts";
import { createGate, type Gate, type GateOptions } from "../open/create-gate.ts";
import { type Asked, type Reply, TestCaller } from "./test-caller.ts";

/** A line that the gate logged. */
export interface LoggedLine {
  readonly level: keyof CallLog;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface TestGateOptions extends Omit<GateOptions, "log"> {
  readonly config?: Partial<Omit<GateConfig, "domains" | "store">>;
  /** A folder that is kept; without one the gate has its own, removed when it is closed. */
  readonly folder?: string;
}

/** A real gate over SQLite in a folder of its own, called in the same process as the wire calls it. */
export interface TestGate extends AsyncDisposable {
  readonly gate: Gate;
  readonly folder: string;
  readonly logged: readonly LoggedLine[];
  /** A caller with this credential: any text names a person of that name with every right; see `people`. */
  as(credential: string | undefined): TestCaller;
  /** Calls a tool as one who may do everything. */
  call(tool: string, input?: Readonly<Record<string, unknown>>, asked?: Asked): Promise<Reply>;
  close(): Promise<void>;
}

/**
 * Who a credential belongs to in tests. `agent:ann` is an agent of ann; `clerk:ann` has the role clerk; anything else
 * is a person who may do everything. `wrong` is nobody.
 */
function authenticate(bearer: string | undefined): Identity | undefined {
  if (bearer === undefined || bearer === "wrong") return undefined;
  const [prefix, name] = bearer.split(":") as [string, string | undefined];
  if (name === undefined) return { kind: "person", user: bearer, role: "all" };
  if (prefix === "agent") return { kind: "agent", user: name, agent: `${name}-agent`, role: "all" };
  return { kind: "person", user: name, role: prefix };
}

const callers: CallersConfig = {
  authenticate: [({ bearer }) => authenticate(bearer)],
  roles: { all: { modes: ["desk"], scopes: ["*"] }, clerk: { modes: ["desk"], scopes: ["things:read"] } },
};

/** Opens a gate around domains. What it logs is collected; nothing is printed. */
export async function openTestGate(domains: readonly AnyDomain[], options: TestGateOptions = {}): Promise<TestGate> {
  const { config, folder: given, ...rest } = options;
  const folder = given ?? (await mkdtemp(join(tmpdir(), "callgate-gate-")));
  const logged: LoggedLine[] = [];
  const declared = defineGate({
    name: "test",
    callers,
    limits: { rate: "100000/s" },
    graduation: "off",
    ...config,
    domains,
    store: sqlite(join(folder, "gate.db")),
  });
  const remove = async (): Promise<void> => {
    if (given === undefined) await rm(folder, { recursive: true, force: true });
  };
  const gate = await createGate(declared, { ...rest, log: collectInto(logged) }).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  const close = async (): Promise<void> => {
    await gate.close();
    await remove();
  };
  const as = (credential: string | undefined): TestCaller => new TestCaller(gate, credential);
  return {
    gate,
    folder,
    logged,
    as,
    call: (tool, input, asked) => as("ann").call(tool, input, asked),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function collectInto(logged: LoggedLine[]): CallLog {
  const at =
    (level: keyof CallLog) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}): void =>
      void logged.push({ level, message, fields });
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
