import { BlockList, isIPv6 } from "node:net";

/**
 * `public`: what all the world reaches. `local_service`: what a machine tells about itself to whoever asks from there, the
 * credentials of its cloud among it (link-local, metadata). `private`: all the rest, this machine included.
 */
export type AddressKind = "public" | "local_service" | "private";

const localServices = listOf([
  "169.254.0.0/16",
  "fe80::/10",
  // Amazon's and Google's over IPv6, Alibaba's, Oracle's, Azure's own, which lies among the public ones.
  "fd00:ec2::/48",
  "fd20:ce::254/128",
  "100.100.100.200/32",
  "192.0.0.192/32",
  "168.63.129.16/32",
]);

/** IANA's special-purpose addresses, and the multicast ones. */
const notPublic = listOf([
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
  // Teredo and 6to4, which lead to an IPv4 address of their own choice, and documentation.
  "2001::/23",
  "2001:db8::/32",
  "2002::/16",
  "3fff::/20",
]);
/** Of IPv6 nothing else was given to the world so far. */
const global6 = listOf(["2000::/3"]);

/** What kind of address that is; one of IPv4 within one of IPv6 (mapped, or through NAT64) is that of IPv4. */
export function kindOf(address: string): AddressKind {
  const plain = withoutZone(address);
  const inner = isIPv6(plain) ? embeddedIPv4(plain) : undefined;
  if (inner !== undefined) return kindOf(inner);
  if (has(localServices, plain)) return "local_service";
  if (has(notPublic, plain) || (isIPv6(plain) && !has(global6, plain))) return "private";
  return "public";
}

/** Addresses by `address/bits`; throws a `RangeError` for what is none. */
export function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [, address = "", bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(range) ?? [];
    const family = isIPv6(address) ? "ipv6" : "ipv4";
    try {
      list.addSubnet(address, Number(bits ?? (family === "ipv6" ? 128 : 32)), family);
    } catch (cause) {
      throw new RangeError(`"${range}" is no address, and no range such as 10.0.0.0/8`, { cause });
    }
  }
  return list;
}

export function has(list: BlockList, address: string): boolean {
  const plain = withoutZone(address);
  return list.check(plain, isIPv6(plain) ? "ipv6" : "ipv4");
}

function withoutZone(address: string): string {
  return address.split("%", 1)[0] ?? "";
}

/** `::ffff:0:0/96`, and the prefix of NAT64 (RFC 6052), both in whatever spelling. */
function embeddedIPv4(address: string): string | undefined {
  const spelt = URL.parse(`http://[${address}]/`)?.hostname.slice(1, -1) ?? "";
  const [, high, low] = /^(?:::ffff:|64:ff9b::)([\da-f]{1,4}:)?([\da-f]{1,4})$/.exec(spelt) ?? [];
  if (low === undefined) return undefined;
  const [first, second] = [Number.parseInt(high ?? "0", 16), Number.parseInt(low, 16)];
  return [first >> 8, first & 0xff, second >> 8, second & 0xff].join(".");
}
