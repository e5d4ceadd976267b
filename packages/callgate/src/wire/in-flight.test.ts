import fc from "fast-check";
import { expect, it } from "vitest";
import { InFlight } from "./in-flight.ts";
import type { RequestId } from "./json-rpc.ts";

const ids = fc.constantFrom<RequestId>(1, "1", 0, -1, 1.5, "1.5", 4_294_967_295, "__proto__", "constructor", "", '"1');

const commands = fc.array(
  fc.oneof(
    fc.record({ act: fc.constant("set" as const), id: ids, value: fc.nat() }),
    fc.record({ act: fc.constant("delete" as const), id: ids }),
  ),
);

it("holds what a Map would", () => {
  fc.assert(
    fc.property(commands, (given) => {
      const map = new Map<RequestId, number>();
      const inFlight = new InFlight<number>();
      for (const command of given) {
        if (command.act === "delete") expect(inFlight.delete(command.id)).toBe(map.delete(command.id));
        else for (const each of [map, inFlight]) each.set(command.id, command.value);
        expect(inFlight.size).toBe(map.size);
        expect(inFlight.get(command.id)).toBe(map.get(command.id));
        expect(inFlight.has(command.id)).toBe(map.has(command.id));
        expect([...inFlight.values()].sort()).toEqual([...map.values()].sort());
      }
    }),
  );
});
