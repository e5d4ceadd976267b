/**
 * Whether tests have to go without something, for `skipIf`: it says so, once for each file of them. Where `CI` is set
 * nothing may be missing, so that there it throws.
 */
export function isWithout(what: string, isThere: boolean): boolean {
  if (isThere) return false;
  if (process.env["CI"] !== undefined) throw new Error(`These tests need ${what}, and in CI it may not be missing.`);
  process.stderr.write(`Not run here, for want of ${what}: the tests of this file that need it.\n`);
  return true;
}
