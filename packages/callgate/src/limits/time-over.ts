/** Asks whether a time is reached by either clock, the one given or the process's own: one that is set back makes nobody wait longer. */
export function timeOver(until: number, clock: () => number): () => boolean {
  const end = performance.now() + until - clock();
  return () => clock() >= until || performance.now() >= end;
}
