/** A value, now or later. */
export type MaybePromise<Value> = Value | Promise<Value>;

/** What follows from a value: at once where that is there, and without waiting for another turn. */
export function after<Value, Result>(
  value: MaybePromise<Value>,
  follow: (value: Value) => MaybePromise<Result>,
): MaybePromise<Result> {
  return value instanceof Promise ? value.then(follow) : follow(value);
}
