import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type ClientUnderTest, toOutcome } from "./client-under-test.ts";
import type { HttpPlace, StdioPlace } from "./start-rentals.ts";

export type InspectorEra = "legacy" | "modern";

const require = createRequire(import.meta.url);
const manifest = require.resolve("@modelcontextprotocol/inspector/package.json");
const { bin } = require(manifest) as { bin: { "mcp-inspector": string } };
const inspector = join(dirname(manifest), bin["mcp-inspector"]);

/** The official Inspector in CLI mode: a process for every request, as people have it in scripts. */
export function inspectOverHttp({ url, key }: HttpPlace, era: InspectorEra): ClientUnderTest {
  return inspect(era, { target: ["--server-url", url, "--header", `Authorization: Bearer ${key}`] });
}

export function inspectOverStdio({ command, args, env, cwd }: StdioPlace, era: InspectorEra): ClientUnderTest {
  // The Inspector keeps its own environment from the server that it starts.
  const told = ["RENTALS_DB", "NODE_COMPILE_CACHE"].flatMap((name) =>
    env[name] === undefined ? [] : ["-e", `${name}=${env[name]}`],
  );
  return inspect(era, { target: [...told, "--", command, ...args], env, cwd });
}

interface Inspection {
  readonly target: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

function inspect(era: InspectorEra, { target, env, cwd }: Inspection): ClientUnderTest {
  const run = async (method: readonly string[]): Promise<Record<string, unknown>> => {
    const args = ["--cli", "--protocol-era", era, "--format", "json", "--quiet", ...method, ...target];
    return resultOf(await outputOf([inspector, ...args], { ...(env && { env }), ...(cwd && { cwd }) }));
  };
  return {
    revision: undefined,
    tools: async () => {
      const { tools } = await run(["--method", "tools/list"]);
      return (tools as readonly { readonly name: string }[]).map(({ name }) => name);
    },
    call: async (tool, args) => {
      const json = JSON.stringify(args);
      return toOutcome(await run(["--method", "tools/call", "--tool-name", tool, "--tool-args-json", json]));
    },
    close: () => Promise.resolve(),
  };
}

/** It prints an object a line: the result first, and where the tool failed its own error after that. */
function resultOf(output: string): Record<string, unknown> {
  const [line = ""] = output.trim().split("\n");
  const { result } = JSON.parse(line) as { result?: Record<string, unknown> };
  if (result === undefined) throw new Error(`the Inspector gave no result: ${output}`);
  return result;
}

function outputOf(args: readonly string[], options: { env?: Record<string, string>; cwd?: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { ...options, timeout: 30_000 }, (error, stdout, stderr) => {
      // Its exit code tells a failed tool too: what counts is that there is a result.
      if (stdout.trim() === "") reject(new Error(`the Inspector printed nothing: ${stderr}`, { cause: error }));
      else resolve(stdout);
    });
  });
}
