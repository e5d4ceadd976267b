import { mkdirSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { type Gate, openGate } from "callgate";
import { benchGate } from "../callgate/bench-gate.ts";
import { auditRow } from "./audit-rows.ts";

/** Rows handed to the store together; it commits them in batches of its own. */
const AT_ONCE = 8_000;
const REPORT_EVERY_MS = 5_000;

export interface FillOptions {
  readonly folder: string;
  readonly rows: number;
  readonly say: (line: string) => void;
}

/** Fills an audit up to so many rows, through the store's own append; what is there already stays. */
export async function fillAudit(options: FillOptions): Promise<void> {
  mkdirSync(options.folder, { recursive: true });
  const gate = await openGate(benchGate(options.folder), { serve: "operations" });
  try {
    await append(gate, options);
    await untilIndexed(gate, options);
  } finally {
    await gate.close();
  }
}

async function append({ store }: Gate, { rows, say }: FillOptions): Promise<void> {
  let index = (await store.audit.status()).rows;
  const started = { at: performance.now(), index };
  let reported = started.at;
  let away: Promise<unknown> = Promise.resolve();
  while (index < rows) {
    const count = Math.min(AT_ONCE, rows - index);
    const batch = Promise.all(Array.from({ length: count }, (_, at) => store.audit.append(auditRow(index + at))));
    await away;
    away = batch;
    index += count;
    if (performance.now() - reported < REPORT_EVERY_MS) continue;
    reported = performance.now();
    const perSecond = ((index - started.index) / (reported - started.at)) * 1_000;
    say(`${(index / 1e6).toFixed(1)} of ${(rows / 1e6).toFixed(1)} million rows, ${Math.round(perSecond)} a second`);
  }
  await away;
}

// The store indexes texts by itself once it is idle.
async function untilIndexed({ store }: Gate, { say }: FillOptions): Promise<void> {
  for (let reported = 0; ; ) {
    const { textIndexLag } = await store.audit.status();
    if (textIndexLag === 0) return;
    if (performance.now() - reported > REPORT_EVERY_MS) {
      reported = performance.now();
      say(`${(textIndexLag / 1e6).toFixed(1)} million rows are not in the text index yet`);
    }
    await delay(200);
  }
}
