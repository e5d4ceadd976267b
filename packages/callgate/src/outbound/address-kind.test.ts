import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { has, kindOf, listOf } from "./address-kind.ts";

describe("SECURITY 24: the kind of an address", () => {
  it.each([
    [
      "public",
      ["1.1.1.1", "8.8.8.8", "99.255.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0", "223.255.255.255"],
    ],
    ["public", ["2606:4700:4700::1111", "2a00:1450:4001:800::200e", "::ffff:1.1.1.1", "64:ff9b::8.8.8.8"]],
    ["private", ["0.0.0.0", "0.1.2.3", "10.0.0.0", "10.255.255.255", "100.64.0.1", "127.0.0.1", "127.255.255.254"]],
    ["private", ["172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1"]],
    ["private", ["198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"]],
    ["private", ["::", "::1", "fc00::1", "fd12:3456::1", "ff02::1", "fec0::1", "100::1", "2001:db8::1", "3fff::1"]],
    [
      "private",
      ["::ffff:127.0.0.1", "::ffff:7f00:1", "0:0:0:0:0:ffff:10.0.0.1", "::ffff:0:1", "::127.0.0.1", "::7f00:1"],
    ],
    ["private", ["64:ff9b::127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::a00:1", "2002:7f00:1::", "2001:0:4136:e378::1"]],
    [
      "local_service",
      ["169.254.169.254", "169.254.0.1", "169.254.170.2", "100.100.100.200", "192.0.0.192", "168.63.129.16"],
    ],
    [
      "local_service",
      ["fe80::1", "fe80::1%eth0", "febf::1", "fd00:ec2::254", "fd20:ce::254", "::ffff:169.254.169.254"],
    ],
    ["local_service", ["::ffff:a9fe:a9fe", "64:ff9b::a9fe:a9fe", "64:FF9B::169.254.169.254"]],
  ] as const)("is %s of %s", (kind, addresses) => {
    expect(addresses.map((address) => [address, kindOf(address)])).toEqual(addresses.map((address) => [address, kind]));
  });

  it("is the same for an address of IPv4 and whatever address of IPv6 leads to it", () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(kindOf(`::ffff:${address}`)).toBe(kindOf(address));
        expect(kindOf(`64:ff9b::${address}`)).toBe(kindOf(address));
      }),
    );
  });
});

it("takes addresses and ranges, and says what is none", () => {
  const list = listOf(["10.2.0.0/16", "192.168.7.7", "fd00:1::/32"]);
  expect(["10.2.255.1", "192.168.7.7", "fd00:1:2::3"].map((address) => has(list, address))).toEqual([true, true, true]);
  expect(["10.3.0.1", "192.168.7.8", "fd00:2::1"].map((address) => has(list, address))).toEqual([false, false, false]);
  for (const wrong of ["10.2.0.0/33", "all", "10.2", "10.0.0.0/8/8x", ""])
    expect(() => listOf([wrong])).toThrow(RangeError);
});
