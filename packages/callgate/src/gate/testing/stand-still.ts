/** Nothing at all goes on in this thread for so many milliseconds; timers come next, before anything that has arrived. */
export function standStill(ms: number): Promise<void> {
  const nobody = new Int32Array(new SharedArrayBuffer(4));
  return new Promise((resolve) => {
    setImmediate(() => {
      Atomics.wait(nobody, 0, 0, ms);
      resolve();
    });
  });
}
