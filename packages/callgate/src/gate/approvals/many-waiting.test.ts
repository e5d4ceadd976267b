import { expect, it } from "vitest";
import { gateThatAsks, stay } from "../testing/gate-that-asks.ts";
import { workshop } from "../testing/workshop.ts";

const PLACES = 20;

it("[G3] calls of one agent that wait for a person take no more than some of the gate's places", async () => {
  const more = [workshop(() => "done")];
  await using asking = await gateThatAsks({}, { config: { limits: { rate: "100000/s", inFlight: PLACES } }, more });
  const agent = asking.gate.as("agent:ann");
  expect((await agent.call("create_booking", stay("k"))).code).toBe("approval_pending");
  const waiting = Array.from({ length: PLACES }, () => agent.call("create_booking", stay("k")));
  const answeredAtOnce = await Promise.any(waiting);
  expect(answeredAtOnce.code).toBe("approval_pending");
  expect((await asking.gate.as("ben").call("do_work")).texts).toEqual(["done"]);
  await asking.decide("approve");
  const codes = (await Promise.all(waiting)).map(({ code }) => code);
  expect(codes.filter((code) => code === undefined)).toHaveLength(16);
  expect(asking.bookings.effects).toHaveLength(1);
});
