import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Fault } from "../../packages/callgate/src/upstream/credentials/testing/misbehaving-front.ts";
import {
  startProvider,
  type TestProvider,
} from "../../packages/callgate/src/upstream/credentials/testing/start-provider.ts";
import { findTokens } from "./find-tokens.ts";
import { Replica } from "./replica.ts";

export interface RefreshProof {
  readonly replicas: number;
  readonly seconds: number;
  /** The address of a database on PostgreSQL; left out: SQLite in a folder. */
  readonly postgres?: string;
  /** Seconds after which a replica is killed and another one is started in its place; left out: none is. */
  readonly killEverySeconds?: number;
  /** Seconds after which the person takes the consent back and gives another one; left out: never. */
  readonly revokeEverySeconds?: number;
}

export interface RefreshReport {
  readonly calls: number;
  /** Those that were told that there is no token at the moment. */
  readonly refused: number;
  readonly refreshes: number;
  readonly faults: number;
  readonly kills: number;
  readonly revocations: number;
  /** Refreshes at the same moment, at most. */
  readonly mostAtOnce: number;
  /** Refreshes with a token whose successor had been handed over: after a kill one may have to. */
  readonly reused: number;
  /** Tokens that were given out, and what of them was found where it does not belong. */
  readonly tokens: number;
  readonly found: readonly string[];
  /** What went wrong; empty where all went well. */
  readonly problems: readonly string[];
}

const FAULTS: readonly Fault[] = ["500", "html", "busy", "forget", "forget-html", "slow", "skew"];
const TOKEN_SECONDS = 2;
const RECOVER_MS = 60_000;

/** Has replicas of a gate refresh one rotating token while its server misbehaves, and looks whether anything was lost or leaked. */
export async function proveRefresh(proof: RefreshProof): Promise<RefreshReport> {
  await using provider = await startProvider({ tokenSeconds: TOKEN_SECONDS });
  const folder = mkdtempSync(join(tmpdir(), "callgate-refresh-"));
  const seed = join(folder, "seed");
  const store = join(folder, "store");
  writeFileSync(seed, await provider.consent(), { mode: 0o600 });
  const start = (): Promise<Replica> =>
    Replica.start({ STORE: proof.postgres ?? "", FOLDER: store, ISSUER: provider.url, SEED: seed });
  const replicas: Replica[] = [await start()];
  replicas.push(...(await Promise.all(Array.from({ length: proof.replicas - 1 }, start))));
  const ended: Replica[] = [];
  try {
    const done = await misbehave(provider, proof, {
      revoke: async () => {
        await provider.revoke(provider.front.newest);
        writeFileSync(seed, await provider.consent(), { mode: 0o600 });
      },
      kill: async () => {
        const [killed] = replicas.splice(Math.floor(Math.random() * replicas.length), 1);
        await killed?.kill();
        if (killed !== undefined) ended.push(killed);
        replicas.push(await start());
      },
    });
    provider.front.faults.length = 0;
    const problems = await recovered(replicas);
    await Promise.all(replicas.map((each) => each.stop()));
    const all = [...replicas, ...ended];
    const { front } = provider;
    const found = await findTokens(front.given, { all, folder: store, postgres: proof.postgres });
    if (front.mostAtOnce !== 1) problems.push(`${front.mostAtOnce} refreshes went on at the same moment`);
    if (front.reused > done.kills)
      problems.push(`a token was used again ${front.reused} times after its answer was heard`);
    if (found.length > 0) problems.push(`tokens were found: ${found.join(", ")}`);
    return {
      ...done,
      calls: sum(all.map(({ answers }) => answers)),
      refused: sum(all.map(({ errors }) => errors)),
      refreshes: front.asked.get("refresh_token") ?? 0,
      mostAtOnce: front.mostAtOnce,
      reused: front.reused,
      tokens: front.given.size,
      found,
      problems,
    };
  } finally {
    await Promise.all([...replicas, ...ended].map((each) => each.kill()));
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Accidents {
  readonly revoke: () => Promise<void>;
  readonly kill: () => Promise<void>;
}

async function misbehave(
  { front }: TestProvider,
  { seconds, killEverySeconds, revokeEverySeconds }: RefreshProof,
  { revoke, kill }: Accidents,
): Promise<Pick<RefreshReport, "faults" | "kills" | "revocations">> {
  const done = { faults: 0, kills: 0, revocations: 0 };
  const begun = performance.now();
  const isDue = (every: number | undefined, times: number): boolean =>
    every !== undefined && performance.now() - begun > (times + 1) * every * 1_000;
  while (performance.now() - begun < seconds * 1_000) {
    await wait(100);
    if (front.faults.length === 0) {
      const fault = FAULTS[done.faults % FAULTS.length];
      if (fault !== undefined) front.faults.push(fault);
      done.faults += 1;
    }
    if (isDue(killEverySeconds, done.kills)) {
      done.kills += 1;
      await kill();
    }
    if (isDue(revokeEverySeconds, done.revocations)) {
      done.revocations += 1;
      await revoke();
    }
  }
  return done;
}

/** Every replica has to get an answer of the upstream once more, now that nobody misbehaves. */
async function recovered(replicas: readonly Replica[]): Promise<string[]> {
  const until = performance.now() + RECOVER_MS;
  const before = replicas.map(({ successes }) => successes);
  const isBack = (replica: Replica, index: number): boolean => replica.successes > (before[index] ?? 0) + 1;
  while (!replicas.every(isBack) && performance.now() < until) await wait(50);
  return replicas.flatMap((each, index) =>
    isBack(each, index) ? [] : [`a replica has lost its credential: ${each.last}`],
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, each) => all + each, 0);
}
