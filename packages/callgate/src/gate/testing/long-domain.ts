import { z } from "zod";
import type { CallContext } from "../../define/context.ts";
import { type Domain, defineDomain } from "../../define/domain.ts";
import type { ReadDeclaration, WriteDeclaration } from "../../define/tool.ts";
import type { Reply, TestCaller } from "./test-caller.ts";

const input = z.object({ name: z.string() });
const output = z.object({ built: z.string() });

type Report = ReadDeclaration<undefined, typeof input, typeof output, Record<never, never>>;
type Send = WriteDeclaration<undefined, typeof input, typeof output, Record<never, never>, SendPlan>;
type SendPlan = { readonly preview: { readonly send: string }; readonly name: string };

/** Work that waits to be told how it ends. */
export interface HeldWork {
  readonly name: string;
  readonly ctx: CallContext<undefined>;
  end(built: string): void;
  fail(error: Error): void;
}

/** What a client says that knows tasks. */
export const withTasks = { capabilities: { elicitation: {}, extensions: { "io.modelcontextprotocol/tasks": {} } } };

/** A domain with a long read and a long write, whose work each test ends by hand; any part of them can be replaced. */
export interface LongDomain {
  readonly domain: Domain<undefined>;
  /** The work under way, in the order in which it was begun. */
  readonly held: HeldWork[];
  /** Work that was given up by its signal. */
  readonly aborted: string[];
  readonly plans: string[];
}

export function longDomain(read: Partial<Report> = {}, write: Partial<Send> = {}): LongDomain {
  const domain = defineDomain("reports", { owner: "team", purpose: "Reports.", concern: "One twice." });
  const own: LongDomain = { domain, held: [], aborted: [], plans: [] };
  const hold = (name: string, ctx: CallContext<undefined>): Promise<{ built: string }> =>
    new Promise((resolve, reject) => {
      own.held.push({ name, ctx, end: (built) => resolve({ built }), fail: reject });
      ctx.signal.addEventListener("abort", () => {
        own.aborted.push(name);
        reject(ctx.signal.reason as Error);
      });
    });
  domain.read("build_report", {
    description: "Builds a report for as long as it takes.",
    input,
    output,
    longRunning: { waitMs: 1 },
    run: ({ name }, ctx) => hold(name, ctx),
    ...read,
  });
  domain.write("send_report", {
    description: "Sends a report for as long as it takes.",
    input,
    output,
    longRunning: { waitMs: 1 },
    plan: ({ name }): SendPlan => {
      own.plans.push(name);
      return { preview: { send: name }, name };
    },
    commit: ({ name }, ctx) => hold(name, ctx),
    ...write,
  });
  return own;
}

/** The id of the task that an answer tells of. */
export function taskOf({ result, structured }: Reply): string {
  const told = (structured?.["task"] as { task_id?: string } | undefined)?.task_id ?? result?.["taskId"];
  if (typeof told !== "string") throw new Error(`no task in ${JSON.stringify(result)}`);
  return told;
}

/** The task as its own client sees it. */
export async function look(caller: TestCaller, taskId: string): Promise<Readonly<Record<string, unknown>>> {
  const { result, error } = await caller.request("tasks/get", { taskId }, withTasks);
  if (result === undefined) throw new Error(error?.message);
  return result;
}
