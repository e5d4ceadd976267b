import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import type { BusinessAddress } from "./database/business-database.ts";
import { describeOnBothEngines, FREE_STAY, freeRequest, openTemporaryBusiness } from "./temporary-business.ts";

const run = promisify(execFile);
const module = fileURLToPath(new URL("open-business.ts", import.meta.url));

// A process of its own: nothing but the database stands between the writers.
async function bookElsewhere(at: BusinessAddress, request: unknown, key: string): Promise<string> {
  const script = `
    import { openBusiness } from ${JSON.stringify(module)};
    const writer = await openBusiness({ at: ${JSON.stringify(at)}, access: "write" });
    const booked = writer.createBooking(${JSON.stringify(request)}, { key: ${JSON.stringify(key)} });
    console.log(await booked.then(({ booking_id }) => booking_id, ({ code }) => code));
    await writer.close();`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script]);
  return stdout.trim();
}

describeOnBothEngines((engine) => {
  test("of six processes that book one stay, one gets it", { timeout: 60_000 }, async () => {
    await using business = await openTemporaryBusiness(engine);
    const { at, reader } = business;
    const request = await freeRequest(reader);
    const keys = ["a", "b", "c", "d", "e", "f"];
    const answers = await Promise.all(keys.map((key) => bookElsewhere(at, request, key)));
    expect(answers.filter((answer) => answer.startsWith("book_"))).toHaveLength(1);
    expect(answers.filter((answer) => answer === "overlap")).toHaveLength(5);
    expect((await reader.findBookings({ ...FREE_STAY, limit: 10 })).items).toHaveLength(1);
  });

  test("of six processes with one key, all get the one booking", { timeout: 60_000 }, async () => {
    await using business = await openTemporaryBusiness(engine);
    const { at, reader } = business;
    const request = await freeRequest(reader);
    const answers = await Promise.all(Array.from({ length: 6 }, () => bookElsewhere(at, request, "same")));
    expect(new Set(answers)).toEqual(new Set([(await reader.bookingByKey("same"))?.booking_id]));
  });
});
