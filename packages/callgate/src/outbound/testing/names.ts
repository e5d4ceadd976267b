import dns, { type LookupAddress, type LookupAllOptions } from "node:dns";
import { isIPv6 } from "node:net";

type Lookup = typeof dns.lookup;
type Told = (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void;

/**
 * Answers for names of tests as a name server would, each time with the next of a name's addresses, the last one for
 * ever; all other names are looked up as ever. Gives back what ends it.
 */
export function serveNames(names: Readonly<Record<string, readonly string[]>>): () => void {
  const original = dns.lookup;
  const asked = new Map<string, number>();
  const lookup = (host: string, options: LookupAllOptions, told: Told): void => {
    const addresses = names[host];
    if (addresses === undefined) return original(host, options, told);
    const time = asked.get(host) ?? 0;
    asked.set(host, time + 1);
    const address = addresses[Math.min(time, addresses.length - 1)] ?? "";
    const found = address.split(" ").map((each) => ({ address: each, family: isIPv6(each) ? 6 : 4 }));
    setImmediate(told, null, found);
  };
  dns.lookup = lookup as unknown as Lookup;
  return () => {
    dns.lookup = original;
  };
}
