import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { storeOf } from "../durability/replica/store-of.ts";
import { openTriedStore, toStoreName } from "../durability/stores/open-tried-store.ts";
import { playSequences } from "./sequences.ts";

const usage = `Usage: npm run prove:approvals -- [options]

Plays sequences of calls, decisions and accidents against two gates on one store. Nothing may take place without an
approval that fits and is not spent, none may be spent twice, and who lost an answer must hear it again.

  --sequences N    how many (10000)
  --store NAME     sqlite or postgres (sqlite)
  --seed N         what decides every sequence; a new one each time unless said otherwise
  --help           this text

Ends with 0 where every promise was kept, else with 1 and the shortest sequence that breaks one.`;

const { values } = parseArgs({
  options: {
    sequences: { type: "string", default: "10000" },
    store: { type: "string", default: "sqlite" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    help: { type: "boolean", default: false },
  },
});
if (values.help) console.log(usage);
else await prove(Number(values.sequences), Number(values.seed));

async function prove(sequences: number, seed: number): Promise<void> {
  const name = toStoreName(values.store);
  const folder = mkdtempSync(join(tmpdir(), "callgate-approvals-"));
  const store = await openTriedStore(name, folder);
  process.stderr.write(`${sequences} sequences on ${name}, seed ${seed}\n`);
  try {
    const onSequence = progress(sequences);
    const tally = await playSequences({ store: storeOf(store.setting), sequences, seed, onSequence });
    const { steps, requests, words, payments } = tally;
    console.log(
      `${sequences} sequences on ${name}: ${steps} steps, ${requests} requests for approval, ${words} decisions that counted, ${payments} effects.`,
    );
    console.log(
      `Every promise was kept. Again: npm run prove:approvals -- --sequences ${sequences} --store ${name} --seed ${seed}`,
    );
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A line each tenth of the way. */
function progress(sequences: number): (tally: { readonly sequences: number }) => void {
  const every = Math.max(1, Math.floor(sequences / 10));
  return ({ sequences: played }) => {
    if (played % every === 0) process.stderr.write(`${played} of ${sequences}\n`);
  };
}
