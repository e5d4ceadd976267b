import { type AnyDomain, defineDomain } from "callgate";
import { FindBookingsInput, FindBookingsOutput, findBookings } from "../find-bookings.ts";

const things = `properties guests owners payments invoices deposits refunds reviews messages
  prices seasons cleanings repairs suppliers contracts taxes reports vouchers`.split(/\s+/);

const actions = "list find count check compare rank group export summarize forecast explain".split(" ");

/** 198 tools in eighteen domains: what a gate has to carry beside the tool that is called. */
export function ballastDomains(): readonly AnyDomain[] {
  return things.map((thing) => {
    const domain = defineDomain(thing, {
      owner: "bench",
      purpose: `The ${thing} of a rental business.`,
      concern: "None: nobody calls it.",
    });
    for (const action of actions) {
      domain.read(`${action}_${thing}`, {
        description: `${action} the ${thing} that belong to a property between two dates, the newest first.`,
        scope: `${thing}:read`,
        input: FindBookingsInput,
        output: FindBookingsOutput,
        run: (input) => findBookings(input),
      });
    }
    return domain;
  });
}
