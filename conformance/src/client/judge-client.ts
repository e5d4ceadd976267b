import { fileURLToPath } from "node:url";
import { outputOfReferee } from "../referee.ts";
import { whyNotOurs } from "./not-ours.ts";
import { stories } from "./stories.ts";

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
const revisions = ["2025-11-25", "2026-07-28"];

/** Has the referee judge the gate as a client, in each revision that a scenario is of. */
export async function judgeAsClient(): Promise<readonly ClientVerdict[]> {
  const verdicts: ClientVerdict[] = [];
  for (const { scenario, revision } of await scenariosOf()) {
    if (whyNotOurs(scenario) !== undefined) continue;
    if (stories[scenario] === undefined) throw new Error(`${scenario} has neither a story nor a reason to have none.`);
    const version = revision === undefined ? [] : ["--spec-version", revision];
    const args = ["client", "--command", command, "--scenario", scenario, "--timeout", "60000", ...version];
    const output = await outputOfReferee(args);
    const passed = output.includes("OVERALL: PASSED") && !output.includes("CLIENT TIMED OUT");
    verdicts.push({ scenario, revision: revision ?? "extension", passed, output });
  }
  return verdicts;
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
