import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { FREE_STAY, freeRequest, openTemporaryBusiness } from "./temporary-business.ts";

const run = promisify(execFile);
const module = fileURLToPath(new URL("open-business.ts", import.meta.url));

// A process of its own: nothing but the database stands between the writers.
function bookElsewhere(path: string, request: unknown, key: string): Promise<string> {
  const script = `
    import { openBusiness } from ${JSON.stringify(module)};
    const writer = openBusiness({ path: ${JSON.stringify(path)}, access: "write" });
    try { console.log(writer.createBooking(${JSON.stringify(request)}, { key: ${JSON.stringify(key)} }).booking_id); }
    catch (error) { console.log(error.code); }
    writer.close();`;
  const options = ["--input-type=module", "--eval", script];
  return run(process.execPath, options).then(({ stdout }) => stdout.trim());
}

test("of six processes that book one stay, one gets it", { timeout: 30_000 }, async () => {
  using business = openTemporaryBusiness();
  const request = freeRequest(business.reader);
  const keys = ["a", "b", "c", "d", "e", "f"];
  const answers = await Promise.all(keys.map((key) => bookElsewhere(business.path, request, key)));
  expect(answers.filter((answer) => answer.startsWith("book_"))).toHaveLength(1);
  expect(answers.filter((answer) => answer === "overlap")).toHaveLength(5);
  expect(business.reader.findBookings({ ...FREE_STAY, limit: 10 }).items).toHaveLength(1);
});

test("of six processes with one key, all get the one booking", { timeout: 30_000 }, async () => {
  using business = openTemporaryBusiness();
  const request = freeRequest(business.reader);
  const answers = await Promise.all(Array.from({ length: 6 }, () => bookElsewhere(business.path, request, "same")));
  expect(new Set(answers)).toEqual(new Set([business.reader.bookingByKey("same")?.booking_id]));
});
