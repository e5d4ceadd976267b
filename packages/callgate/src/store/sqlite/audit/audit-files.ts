import { join } from "node:path";

/** The registry of segments. */
export function registryPath(folder: string): string {
  return join(folder, "index.db");
}

/** The rows of one segment. */
export function segmentPath(folder: string, number: number): string {
  return join(folder, `${number}.db`);
}

/** The text index of one segment: it holds no text, can be dropped and is built again. */
export function textIndexPath(folder: string, number: number): string {
  return join(folder, `${number}.text.db`);
}

/** The signed heads of all writers, one JSON object a line. */
export function headsPath(folder: string): string {
  return join(folder, "heads.jsonl");
}

/** A long file of heads that is set aside until the newest of them stand in the new one. */
export function trimmedHeadsPath(folder: string): string {
  return join(folder, "heads.trimmed.jsonl");
}
