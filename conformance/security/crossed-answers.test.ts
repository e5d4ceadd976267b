import { afterAll, beforeAll, expect, test } from "vitest";
import { type RentalsUnderAttack, startRentals, structured } from "./rentals-under-attack.ts";

const IDS = 500;
const AT_ONCE = 25;
const HOMES = 120;
let rentals: RentalsUnderAttack;
beforeAll(async () => {
  rentals = await startRentals();
});
afterAll(() => rentals.close());

test("a thousand calls of two clients under the same ids: each gets its own answer (SECURITY 11)", async () => {
  const own = await rentals.call("search_properties", { limit: 5 }, { key: rentals.keys.owner });
  const { properties: homes } = structured(own) as { properties: { property_id: string }[] };
  expect(homes.length).toBeGreaterThan(1);
  const shuffled = Array.from({ length: IDS }, (_, index) => ((index * 7_919) % IDS) + 1);
  const crossed: unknown[] = [];
  const callOne = async (id: number, who: "owner" | "frontdesk"): Promise<void> => {
    const any = `prop_${String((id % HOMES) + 1).padStart(4, "0")}`;
    const asked = who === "owner" ? homes[id % homes.length]?.property_id : any;
    const answer = await rentals.call("get_property", { property_id: asked }, { key: rentals.keys[who], id });
    if (answer.json["id"] !== id || structured(answer)?.["property_id"] !== asked) crossed.push({ asked, id, answer });
  };
  for (let start = 0; start < IDS; start += AT_ONCE) {
    const ids = shuffled.slice(start, start + AT_ONCE);
    await Promise.all(ids.flatMap((id) => [callOne(id, "owner"), callOne(id, "frontdesk")]));
  }
  expect(crossed).toEqual([]);
});
