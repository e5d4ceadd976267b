import type { PackageSource } from "./package-source.ts";
import type { ProjectPlan } from "./plan-project.ts";

interface Said {
  readonly plan: ProjectPlan;
  readonly source: PackageSource;
  /** The folder to go to first; undefined where the person is in it. */
  readonly enter: string | undefined;
}

/** What was made, and what to type next, exactly. */
export function nextWords({ plan, source, enter }: Said): string {
  const bringsNode = plan.manifest.devDependencies?.["node"] !== undefined;
  const start = plan.manifest.scripts?.["start"] === "callgate start" ? "npm start" : "npm run gate";
  const test = plan.manifest.scripts?.["test"] === "node --test" ? "npm test" : "npm run gate:test";
  const steps: [string, string][] = [
    ...(enter === undefined ? [] : [[`cd ${enter}`, ""] as [string, string]]),
    ["npm install", bringsNode ? "once; with Node 24, for this machine's is too old" : "once"],
    [test, "the domain's test, through the whole gate"],
    ["npx callgate call list_notes", "a call, without any server"],
    ["npx callgate smoke notes", "proves that reading cannot write, then asks whether to switch add_note on"],
    ['npx callgate call add_note text="water the plants" --yes', "a write; without --yes it is shown first"],
    ["npx callgate audit search", "who called what"],
    [start, "serves http://127.0.0.1:7400/mcp (PORT=7401 where that is taken); then, in another terminal:"],
    ["npx callgate keys create --name me --role team", "prints a key, once"],
    ["npx callgate call list_notes --url http://127.0.0.1:7400 --key <key>", "the same call over HTTP"],
    [`claude mcp add --transport http my-gate http://127.0.0.1:7400/mcp --header "Authorization: Bearer <key>"`, ""],
  ];
  const config = plan.files.find(({ path }) => path.startsWith("callgate.config."))?.path ?? "callgate.config.ts";
  const made = plan.files.map(({ path, change }) => `  ${change.padEnd(8)}  ${path}`);
  return [
    ...made,
    "",
    ...(source.fromRegistry
      ? []
      : [`This callgate came from no registry, so package.json names it as ${source.specifier}`, ""]),
    "Next:",
    ...steps.map(([command, why]) => `  ${command}${why === "" ? "" : `    # ${why}`}`),
    "",
    "Any MCP client can call it: the address is http://127.0.0.1:7400/mcp, the header Authorization: Bearer <key>;",
    'or over stdio, without a key, with the command "npx callgate start --stdio" in this folder.',
    `Your tools go into domains/; what they may do, and for whom, into ${config}.`,
  ].join("\n");
}
