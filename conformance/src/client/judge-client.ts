import { fileURLToPath } from "node:url";
import { outputOfReferee } from "../referee.ts";
import { whyNotOurs } from "./not-ours.ts";
import { stories } from "./stories.ts";
import { unanswerable } from "./unanswerable.ts";

/** What came of one scenario in which the gate is the client. */
export interface ClientVerdict {
  readonly scenario: string;
  readonly revision: string;
  readonly passed: boolean;
  /** What the referee printed. */
  readonly output: string;
}

const command = `${process.execPath} ${fileURLToPath(new URL("gate-as-client.ts", import.meta.url))}`;
const listed = /^ {2}- ([\w./-]+) \[([^\]]+)\]$/gmu;
const COLOUR = new RegExp(`${String.fromCodePoint(27)}\\[\\d+m`, "gu");
const CHECK = / \[([\w-]+) *\] (SUCCESS|FAILURE|WARNING|INFO|SKIPPED) /gu;
/** Most of a scenario's time is that of processes which begin. */
const AT_ONCE = 3;
const revisions = ["2025-11-25", "2026-07-28"];

/** Has the referee judge the gate as a client, in each revision that a scenario is of. */
export async function judgeAsClient(): Promise<readonly ClientVerdict[]> {
  const ours = (await scenariosOf()).filter(({ scenario }) => whyNotOurs(scenario) === undefined);
  const verdicts: ClientVerdict[] = [];
  const waiting = ours.entries();
  const lane = async (): Promise<void> => {
    for (const [at, listed] of waiting) verdicts[at] = await judgeOne(listed);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return verdicts;
}

async function judgeOne({ scenario, revision }: Listed): Promise<ClientVerdict> {
  if (stories[scenario] === undefined) throw new Error(`${scenario} has neither a story nor a reason to have none.`);
  const version = revision === undefined ? [] : ["--spec-version", revision];
  const args = ["client", "--command", command, "--scenario", scenario, "--timeout", "60000", ...version];
  const output = await outputOfReferee(args);
  const hasEnded = !output.includes("CLIENT TIMED OUT") && !output.includes("CLIENT EXITED");
  return { scenario, revision: revision ?? "extension", passed: hasEnded && areAsExpected(scenario, output), output };
}

/** Those checks fail, and those alone, that a gate cannot answer: one that can be answered by now is taken off the list. */
function areAsExpected(scenario: string, output: string): boolean {
  const checks = [...output.replaceAll(COLOUR, "").matchAll(CHECK)].map(([, id = "", status = ""]) => ({ id, status }));
  const failing = checks.filter(({ status }) => status === "FAILURE" || status === "WARNING").map(({ id }) => id);
  const expected = Object.keys(unanswerable(scenario));
  return checks.length > 0 && [...new Set(failing)].toSorted().join() === expected.toSorted().join();
}

interface Listed {
  readonly scenario: string;
  /** Undefined for an extension. */
  readonly revision: string | undefined;
}

async function scenariosOf(): Promise<readonly Listed[]> {
  const output = await outputOfReferee(["list", "--client"]);
  const all = [...output.matchAll(listed)].map(([, scenario = "", of = ""]) => ({ scenario, of: of.split(",") }));
  if (all.length === 0) throw new Error(`The referee lists no scenarios for clients:\n${output}`);
  return all.flatMap(({ scenario, of }): readonly Listed[] => {
    const own = revisions.filter((revision) => of.includes(revision));
    if (of.includes("extension")) return [{ scenario, revision: undefined }];
    return own.map((revision) => ({ scenario, revision }));
  });
}
