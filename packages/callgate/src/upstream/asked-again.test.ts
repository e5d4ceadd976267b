import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AskedAgain } from "./asked-again.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("what a server asks for again and again (SECURITY 26)", () => {
  it("is done at once, and then ever more seldom while it goes on", () => {
    const work = vi.fn<() => void>();
    const asked = new AskedAgain(work);
    const storm = setInterval(() => asked.ask(), 5);
    asked.ask();
    expect(work).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(60_000);
    // After 1, 3, 7, 15 and 31 seconds; each rest after that is of thirty.
    expect(work).toHaveBeenCalledTimes(6);
    vi.advanceTimersByTime(300_000);
    expect(work).toHaveBeenCalledTimes(16);
    clearInterval(storm);
  });

  it("is done once for all that was asked meanwhile, and at once again after some quiet", () => {
    const work = vi.fn<() => void>();
    const asked = new AskedAgain(work);
    for (let times = 0; times < 10; times++) asked.ask();
    vi.advanceTimersByTime(10_000);
    expect(work).toHaveBeenCalledTimes(2);
    asked.ask();
    expect(work).toHaveBeenCalledTimes(3);
  });

  it("is not done once nobody is there for it", () => {
    const work = vi.fn<() => void>();
    const asked = new AskedAgain(work);
    asked.ask();
    asked.ask();
    asked.stop();
    vi.advanceTimersByTime(60_000);
    expect(work).toHaveBeenCalledTimes(1);
  });
});
