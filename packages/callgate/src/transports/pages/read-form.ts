import type { IncomingMessage } from "node:http";
import { type BodyLimits, readBody } from "../http/body.ts";

const MOST_BYTES = 16 * 1024;

/** Bodies of forms that have begun to arrive, over all browsers. */
export function formLimits(): BodyLimits {
  return { maxBytes: MOST_BYTES, pending: { held: 0, most: 4 * 1024 * 1024 } };
}

/** The fields of a posted form; undefined where the body is no form, is too large, or names a field twice. */
export function readForm(
  request: IncomingMessage,
  limits: BodyLimits,
): Promise<ReadonlyMap<string, string> | undefined> {
  const type = request.headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded") return Promise.resolve(undefined);
  return new Promise((resolve) => {
    readBody(request, limits, (body) => resolve(typeof body === "string" ? undefined : fieldsOf(body)));
  });
}

function fieldsOf(body: Buffer): ReadonlyMap<string, string> | undefined {
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(body.toString("utf8"))) {
    if (fields.has(name)) return undefined;
    fields.set(name, value);
  }
  return fields;
}
