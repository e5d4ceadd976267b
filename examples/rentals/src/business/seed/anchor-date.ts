/** The day that the example's data stands around, and its business day: so its figures never age. */
export const ANCHOR_DATE = "2026-11-01";
