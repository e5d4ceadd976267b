import { CallError } from "callgate";
import { BusinessError, type BusinessErrorCode } from "../business/business-error.ts";

// Every caller that can meet one of these sees the tools it names.
const NEXT: Partial<Readonly<Record<BusinessErrorCode, string>>> = {
  invalid_cursor: "Call again without cursor, or with next_cursor of the page before, unchanged.",
  invalid_dates: "Give dates as YYYY-MM-DD with end, the day of departure, after start.",
  in_the_past: "Choose a start that is today or later.",
  min_stay: "Ask for more nights, or call search_properties with these dates for other homes.",
  overlap: "Call search_properties with the same dates for homes that are free.",
  price_changed: "Call quote_stay for the price of now, tell the guest, then book again.",
  stay_too_long: "Book the stay in parts.",
  too_many_guests: "Call search_properties with guests set for homes that are large enough.",
};

/** Does something in the business; its refusals become errors that say what to do next, `missing` where an id is unknown. */
export async function businessCall<Result>(work: () => Promise<Result>, missing?: string): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof BusinessError)) throw error;
    const next = error.code === "not_found" ? missing : NEXT[error.code];
    throw new CallError(error.code, error.message, {
      category: error.code.startsWith("invalid_") ? "validation" : "domain",
      cause: error,
      ...(next !== undefined && { next }),
    });
  }
}
