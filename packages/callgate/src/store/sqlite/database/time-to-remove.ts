/**
 * Takes off a time what this machine's clock has jumped ahead since the store was opened: what is kept for a while is
 * removed when that while has passed, not when the clock says so. A clock that was behind and is put right has the same
 * effect, and so has a machine that slept: things are kept longer, until the gate is started anew.
 */
export function createTimeToRemove(): (now: number) => number {
  const [wall, steady] = [Date.now(), performance.now()];
  return (now) => now - Math.max(0, Math.floor(Date.now() - wall - (performance.now() - steady)));
}
