/** What the schema of a value may cost: some tens of milliseconds and megabytes. A nanosecond is about one. */
const MOST_STEPS = 64_000_000;

let taken = 0;

/** A value that takes too long to be tried in every form that its schema allows. */
export class TooManySteps extends Error {
  override readonly name = "TooManySteps";

  constructor() {
    super("is too deep or too large to be tried in all the forms that its schema allows; send it flatter, or in parts");
  }
}

/** Begins the count for another value. */
export function forgetSteps(): void {
  taken = 0;
}

/** Counts so many steps more, and throws `TooManySteps` where they are too many for one value. */
export function takeSteps(steps: number): void {
  taken += steps;
  if (taken > MOST_STEPS) throw new TooManySteps();
}
