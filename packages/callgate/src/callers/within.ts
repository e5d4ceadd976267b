/** Somebody else's function took too long. */
export class TookTooLong extends Error {
  override readonly name = "TookTooLong";
}

/** Asks a team's own function, for so many milliseconds at most; its signal ends then. */
export async function within<Value>(ms: number, ask: (signal: AbortSignal) => Value | Promise<Value>): Promise<Value> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new TookTooLong(`no answer within ${ms} ms`));
      controller.abort();
    }, ms);
  });
  try {
    return await Promise.race([ask(controller.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
