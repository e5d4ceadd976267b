import fc from "fast-check";
import { expect, test } from "vitest";
import { Concurrency } from "./concurrency.ts";

test("[G3] lets in as many as there is room for, and one more for each that leaves", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.boolean(), { maxLength: 200 }), (most, comings) => {
      const places = new Concurrency(most);
      const wrong: string[] = [];
      let inside = 0;
      for (const comes of comings) {
        const entered = comes && places.enter();
        if (comes && entered !== inside < most) wrong.push(`${inside} of ${most} inside, and entered: ${entered}`);
        if (entered) inside += 1;
        else if (!comes && inside > 0) {
          places.leave();
          inside -= 1;
        }
      }
      expect(wrong).toEqual([]);
    }),
  );
});
