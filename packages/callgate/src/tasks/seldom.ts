const EVERY_MS = 10_000;

/** Says a problem, then for ten seconds no other one; what comes after says how many were not. */
export function seldom<Problem>(
  clock: () => number,
  say: (problem: Problem, unsaid: number) => void,
): (problem: Problem) => void {
  let saidAt = -Infinity;
  let unsaid = 0;
  return (problem) => {
    const now = clock();
    if (now - saidAt < EVERY_MS) {
      unsaid += 1;
      return;
    }
    say(problem, unsaid);
    saidAt = now;
    unsaid = 0;
  };
}
