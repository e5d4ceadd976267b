import fc from "fast-check";
import { expect, it } from "vitest";
import { InFlight } from "./in-flight.ts";
import type { RequestId } from "./json-rpc.ts";

const ids = fc.constantFrom<RequestId>(1, "1", 0, -1, 1.5, "1.5", 4_294_967_295, "__proto__", "constructor", "", '"1');

const commands = fc.array(fc.record({ id: ids, value: fc.option(fc.nat(), { nil: undefined }) }));

it("holds what a Map would", () => {
  fc.assert(
    fc.property(commands, (given) => {
      const map = new Map<RequestId, number>();
      const inFlight = new InFlight<number>();
      const seen = given.map((command) => [act(map, command), act(inFlight, command)]);
      expect(seen.map(([, is]) => is)).toEqual(seen.map(([was]) => was));
      expect(new Set(inFlight.values())).toEqual(new Set(map.values()));
    }),
  );
});

/** What is seen of a collection when that was done to it. */
function act(
  on: Pick<Map<RequestId, number>, "set" | "delete" | "get" | "has" | "size"> | InFlight<number>,
  { id, value }: { readonly id: RequestId; readonly value: number | undefined },
): readonly unknown[] {
  const was = value === undefined ? on.delete(id) : void on.set(id, value);
  return [was, on.size, on.get(id), on.has(id)];
}
