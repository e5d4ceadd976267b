import type { RefereeRun, Verdict } from "./referee.ts";

/** What came of all runs together. */
export interface Judgement {
  /** Sentences; the run has failed where there is one. */
  readonly faults: readonly string[];
  /** Unscored scenarios that fail as expected, with their reasons. */
  readonly excused: Readonly<Record<string, string>>;
}

/** How many scenarios a revision must require at least: a referee that runs fewer has not judged. */
export interface RequiredRun {
  readonly run: RefereeRun;
  readonly atLeast: number;
}

/** Required scenarios must pass; of the others only those may fail that are expected to, and those must. */
export function judge(
  required: readonly RequiredRun[],
  everything: RefereeRun,
  expected: Readonly<Record<string, string>>,
): Judgement {
  const faults: string[] = [];
  for (const { run, atLeast } of required) {
    const counted = run.verdicts.filter(({ unscored }) => unscored === undefined);
    if (counted.length < atLeast) faults.push(`${run.name}: ${counted.length} scenarios ran, ${atLeast} are required.`);
    for (const { scenario, failed } of counted) {
      if (failed > 0) faults.push(`${run.name}: ${scenario} is required, and ${failed} of its checks failed.`);
    }
  }
  const requiredNames = new Set(
    required.flatMap(({ run }) => run.verdicts.filter(({ unscored }) => unscored === undefined)).map(nameOf),
  );
  const unscored = [...required.flatMap(({ run }) => run.verdicts), ...everything.verdicts].filter(
    (verdict) => !requiredNames.has(verdict.scenario),
  );
  const failing = new Set(unscored.filter(({ failed }) => failed > 0).map(nameOf));
  for (const scenario of failing) {
    if (!Object.hasOwn(expected, scenario)) faults.push(`${scenario} is unscored, and fails without a known reason.`);
  }
  for (const scenario of Object.keys(expected)) {
    if (!failing.has(scenario)) faults.push(`${scenario} does not fail any more: take it off the list.`);
  }
  for (const { scenario, failed } of everything.verdicts) {
    if (failed > 0 && requiredNames.has(scenario)) faults.push(`${everything.name}: ${scenario} fails.`);
  }
  return {
    faults,
    excused: Object.fromEntries(Object.entries(expected).filter(([scenario]) => failing.has(scenario))),
  };
}

function nameOf({ scenario }: Verdict): string {
  return scenario;
}
