import dns, { type LookupAddress, type LookupOptions } from "node:dns";
import type { LookupFunction } from "node:net";
import { refusalOf, type WrittenBy } from "./may-reach.ts";

/**
 * The lookup of a socket that connects only to addresses that `writtenBy` may lead to: what is checked is what is
 * connected to, so a name that resolves to another address a moment later gains nothing.
 */
export function guardedLookup(writtenBy: WrittenBy): LookupFunction {
  return (host, options, callback) => {
    const asked: LookupOptions = { ...options, all: true };
    dns.lookup(host, asked, (error, found) => {
      if (error !== null) return callback(error, "");
      const judged = judge(writtenBy, host, found as LookupAddress[]);
      if (judged instanceof Error) callback(judged, "");
      else if (options.all === true) callback(null, [...judged]);
      else callback(null, judged[0].address, judged[0].family);
    });
  };
}

/** Those that may be connected to, else why none may. */
function judge(
  writtenBy: WrittenBy,
  host: string,
  found: readonly LookupAddress[],
): readonly [LookupAddress, ...LookupAddress[]] | Error {
  const refusals = found.map(({ address }) => refusalOf(writtenBy, host, address));
  const [first, ...others] = found.filter((_, at) => refusals[at] === undefined);
  return first === undefined ? (refusals[0] ?? new Error(`${host} has no address`)) : [first, ...others];
}
