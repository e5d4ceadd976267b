import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CommandOptions, readOptions, usage } from "./proof/options.ts";
import { toText } from "./proof/report.ts";
import { type Progress, runProof } from "./proof/run-proof.ts";

const LINE_EVERY_S = 10;

/** `npm run prove`: one run, its report, and the evidence where it went wrong. */
async function prove({ json, keep, ...options }: CommandOptions): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "callgate-proof-"));
  process.stderr.write(`seed ${options.seed}, evidence in ${folder}\n`);
  const { violations, ...report } = await runProof({ ...options, folder, onProgress: progressLine(options.seconds) });
  if (process.stderr.isTTY) process.stderr.write("\n");
  console.log(json ? JSON.stringify({ ...report, violations }, null, 2) : toText({ ...report, violations }));
  if (violations.length > 0) process.exitCode = 1;
  if (violations.length > 0 || keep) process.stderr.write(`The evidence is in ${folder}\n`);
  else rmSync(folder, { recursive: true, force: true });
}

/** One line that changes where somebody watches, and one every ten seconds where it is read later. */
function progressLine(seconds: number): (progress: Progress) => void {
  let said = 0;
  return (progress) => {
    const line = `${progress.phase}, ${Math.round(progress.seconds)} of ${seconds} s: ${progress.requests} requests, ${progress.kills} kills, ${progress.starts} starts`;
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`);
    else if (progress.seconds - said >= LINE_EVERY_S) {
      said = progress.seconds;
      process.stderr.write(`${line}\n`);
    }
  };
}

const options = readOptions(process.argv.slice(2));
if (options === undefined) console.log(usage);
else await prove(options);
