const FULL_DATE = /^\d{4}-\d\d-\d\d$/;
const DAYS: readonly number[] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * `format: "date"`: a full-date (RFC 3339, section 5.6). Dates stand in most results, and to take one apart by a pattern's
 * groups costs ten times as much.
 */
export function isFullDate(text: string): boolean {
  if (!FULL_DATE.test(text)) return false;
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const days = month === 2 && isLeapYear(twoDigits(text, 0), twoDigits(text, 2)) ? 29 : (DAYS[month - 1] ?? 0);
  return day >= 1 && day <= days;
}

function twoDigits(text: string, at: number): number {
  return (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
}

/** RFC 3339, appendix C. */
function isLeapYear(century: number, year: number): boolean {
  return year === 0 ? century % 4 === 0 : year % 4 === 0;
}
