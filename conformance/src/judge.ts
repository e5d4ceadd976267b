import type { RefereeRun, Verdict } from "./referee.ts";

/** What came of all runs together. */
export interface Judgement {
  /** Sentences; the run has failed where there is one. */
  readonly faults: readonly string[];
  /** Scenarios that fail as expected, with their reasons. */
  readonly excused: Readonly<Record<string, string>>;
}

/** How many scenarios a revision must require at least: a referee that runs fewer has not judged. */
export interface RequiredRun {
  readonly run: RefereeRun;
  readonly atLeast: number;
}

/** Scenarios that fail, each with its reason. */
export interface Expected {
  readonly unscored: Readonly<Record<string, string>>;
  /** Those that a revision requires; none unless said otherwise. */
  readonly required?: Readonly<Record<string, string>>;
}

/** Required scenarios must pass, and so must others; only those may fail that are expected to, and those must. */
export function judge(
  required: readonly RequiredRun[],
  everything: RefereeRun,
  { unscored: expected, required: expectedRequired = {} }: Expected,
): Judgement {
  const faults: string[] = [];
  const isExcused = (scenario: string): boolean => Object.hasOwn(expectedRequired, scenario);
  for (const { run, atLeast } of required) {
    const counted = run.verdicts.filter(({ unscored }) => unscored === undefined);
    if (counted.length < atLeast) faults.push(`${run.name}: ${counted.length} scenarios ran, ${atLeast} are required.`);
    for (const { scenario, failed } of counted) {
      if (failed > 0 && !isExcused(scenario))
        faults.push(`${run.name}: ${scenario} is required, and ${failed} of its checks failed.`);
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
    if (failed > 0 && requiredNames.has(scenario) && !isExcused(scenario))
      faults.push(`${everything.name}: ${scenario} fails.`);
  }
  const failingRequired = [...required.map(({ run }) => run), everything].flatMap(({ verdicts }) =>
    verdicts.filter(({ scenario, failed }) => failed > 0 && requiredNames.has(scenario)).map(nameOf),
  );
  for (const scenario of Object.keys(expectedRequired)) {
    if (!failingRequired.includes(scenario)) faults.push(`${scenario} does not fail any more: take it off the list.`);
  }
  return {
    faults,
    excused: {
      ...Object.fromEntries(Object.entries(expected).filter(([scenario]) => failing.has(scenario))),
      ...Object.fromEntries(Object.entries(expectedRequired).filter(([name]) => failingRequired.includes(name))),
    },
  };
}

function nameOf({ scenario }: Verdict): string {
  return scenario;
}
