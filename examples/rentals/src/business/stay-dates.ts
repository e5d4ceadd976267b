import { BusinessError } from "./business-error.ts";

const DAY_MS = 86_400_000;
const EARLIEST = "1900-01-01";
const DATE_SHAPE = /^\d{4}-\d{2}-\d{2}$/;

/** The longest stay that the business sells, in nights; the database refuses longer ones too. */
export const LONGEST_STAY = 60;

/** Days since 1970-01-01 of an ISO date; `NaN` when it is no date. */
export function toDayNumber(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

/** The ISO date of a day number. */
export function toDate(dayNumber: number): string {
  return new Date(dayNumber * DAY_MS).toISOString().slice(0, 10);
}

/** The ISO date that many days later, or earlier where `days` is negative. */
export function addDays(date: string, days: number): string {
  return toDate(toDayNumber(date) + days);
}

/** Nights from `start` up to the morning of `end`. */
export function countNights(start: string, end: string): number {
  return toDayNumber(end) - toDayNumber(start);
}

/** Returns the nights of a range of dates, or throws `invalid_dates`. `end` is the day of departure and not slept. */
export function checkDates(start: string, end: string): number {
  for (const date of [start, end]) {
    if (!isDate(date)) throw new BusinessError("invalid_dates", `"${date}" is not a date like 2027-05-31`);
  }
  const nights = countNights(start, end);
  if (nights < 1) throw new BusinessError("invalid_dates", `end (${end}) must be after start (${start})`);
  return nights;
}

/** As `checkDates`, for a stay: throws `stay_too_long` beyond the longest stay. */
export function checkStay(start: string, end: string): number {
  const nights = checkDates(start, end);
  if (nights > LONGEST_STAY) {
    throw new BusinessError("stay_too_long", `${nights} nights; a stay has ${LONGEST_STAY} at most`);
  }
  return nights;
}

/** Whether it is the ISO date of a day from 1900 on: before that nothing was let, and the engines differ in what a date is. */
export function isDate(date: string): boolean {
  // Date.parse rolls 2026-02-30 over into March, so the day must be the one that was written.
  return (
    DATE_SHAPE.test(date) && date >= EARLIEST && new Date(`${date}T00:00:00Z`).getUTCDate() === Number(date.slice(8))
  );
}
