import { parseArgs } from "node:util";
import { judgePairs, type Tally } from "./judge.ts";
import { timeComparison } from "./time-comparison.ts";

const usage = `Usage: npm run prove:contracts -- [options]

Generates pairs of JSON Schemas, and asks ajv about each pair that the comparison of contracts calls compatible: no value
may be taken before and refused now (input), or possible now and refused before (output).

  --pairs N    how many (100000)
  --seed N     what decides every pair; a new one each time unless said otherwise
  --help       this text

Ends with 0 where the comparison was never wrong, else with 1 and the smallest pair that it is wrong about.`;

const { values } = parseArgs({
  options: {
    pairs: { type: "string", default: "100000" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    help: { type: "boolean", default: false },
  },
});
if (values.help) console.log(usage);
else prove(Number(values.pairs), Number(values.seed));

function prove(pairs: number, seed: number): void {
  const tally: Tally = { pairs: 0, compatible: 0, values: 0 };
  const { ms, changes } = timeComparison();
  console.log(`A thousand tools were compared in ${ms} ms; ${changes} changes were found.`);
  const rounds = Math.min(20, pairs);
  process.stderr.write(`${pairs} pairs, seed ${seed}\n`);
  try {
    for (let round = 0; round < rounds; round += 1) {
      judgePairs({ runs: Math.ceil(pairs / rounds), seed: seed + round, tally });
      process.stderr.write(`${tally.pairs} of ${pairs}\n`);
    }
    console.log(
      `${tally.pairs} pairs: ${tally.compatible} were called compatible, ${tally.values} values tried on them, none says otherwise.`,
    );
    console.log(`Again: npm run prove:contracts -- --pairs ${pairs} --seed ${seed}`);
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  }
}
