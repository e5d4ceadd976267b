import { fileURLToPath } from "node:url";

/** What a hop is to reach, as the bench tells it by the environment. */
export interface UpstreamPlace {
  /** Of the server over HTTP. */
  readonly url: string;
  /** Where a server over stdio has to run, so that its time is not the hop's. */
  readonly core: number;
}

export function placeVariables({ url, core }: UpstreamPlace): Record<string, string> {
  return { HOP_UPSTREAM_URL: url, HOP_UPSTREAM_CORE: String(core) };
}

export function readPlace(): UpstreamPlace {
  const { HOP_UPSTREAM_URL: url, HOP_UPSTREAM_CORE: core } = process.env;
  if (url === undefined || core === undefined) throw new Error("A hop is started by the bench: npm run bench:hop");
  return { url, core: Number(core) };
}

/** The command that starts the server over stdio on its own core. */
export function stdioCommand({ core }: UpstreamPlace): readonly [command: string, ...args: string[]] {
  const script = fileURLToPath(new URL("upstream-stdio.ts", import.meta.url));
  return ["taskset", "-c", String(core), process.execPath, script];
}
