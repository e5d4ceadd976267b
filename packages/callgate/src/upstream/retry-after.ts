const LEAST_MS = 1_000;

/** `Retry-After` (RFC 9110, 10.2.3), in seconds or as a date, in milliseconds: a second at least. Undefined where it says nothing. */
export function retryAfterMs(value: string | undefined, mostMs: number): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, LEAST_MS), mostMs);
}
