import { randomFillSync } from "node:crypto";

const pool = Buffer.allocUnsafeSlow(4096);
let used = pool.length;

/** Random bytes as lower-case hex, from a pool: one system call serves some hundred ids. */
export function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const text = pool.toString("hex", used, used + bytes);
  pool.fill(0, used, used + bytes);
  used += bytes;
  return text;
}

/** An id that sorts by time and cannot be guessed: 48 bits of milliseconds, 80 bits of chance. */
export function newId(prefix: string, now: number): string {
  return `${prefix}_${now.toString(16).padStart(12, "0")}${randomHex(10)}`;
}
