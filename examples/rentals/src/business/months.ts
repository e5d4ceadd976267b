import { BusinessError } from "./business-error.ts";

const MONTH_SHAPE = /^(\d{4})-(0[1-9]|1[0-2])$/;
const MOST_MONTHS = 60;

/** One month; `until` is the first day of the next. */
export interface Month {
  /** As `2027-05`. */
  readonly name: string;
  readonly start: string;
  readonly until: string;
  readonly days: number;
}

/** The months from one to another, both included; throws `invalid_dates` where there is none, or more than sixty. */
export function monthsBetween(first: string, last: string): readonly Month[] {
  const from = toNumber(first);
  const count = toNumber(last) - from + 1;
  if (count < 1 || count > MOST_MONTHS) {
    throw new BusinessError("invalid_dates", `${first} to ${last} is not one month to ${MOST_MONTHS}`);
  }
  return Array.from({ length: count }, (_, index) => toMonth(from + index));
}

function toNumber(month: string): number {
  const [, year, ofYear] = MONTH_SHAPE.exec(month) ?? [];
  if (year === undefined || year < "1900")
    throw new BusinessError("invalid_dates", `"${month}" is not a month like 2027-05`);
  return Number(year) * 12 + Number(ofYear) - 1;
}

function toMonth(number: number): Month {
  const start = Date.UTC(Math.floor(number / 12), number % 12);
  const until = Date.UTC(Math.floor((number + 1) / 12), (number + 1) % 12);
  const toDay = (time: number): string => new Date(time).toISOString().slice(0, 10);
  return {
    name: toDay(start).slice(0, 7),
    start: toDay(start),
    until: toDay(until),
    days: (until - start) / 86_400_000,
  };
}
