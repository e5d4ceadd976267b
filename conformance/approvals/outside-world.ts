/** An effect that took place, and what it cost: what was approved was its price. */
export interface Payment {
  readonly id: number;
  readonly key: string;
  readonly story: string;
  readonly price: number;
}

/** The outside world of all sequences: prices that change, payments, answers that get lost, and the time. */
export class OutsideWorld {
  readonly #byKey = new Map<string, Payment>();
  readonly #byStory = new Map<string, Payment[]>();
  readonly #prices = new Map<string, number>();
  #losing = 0;
  #aheadMs = 0;

  readonly clock = (): number => Date.now() + this.#aheadMs;

  pass(ms: number): void {
    this.#aheadMs += ms;
  }

  priceOf(story: string): number {
    return this.#prices.get(story) ?? 100;
  }

  paidFor(story: string): readonly Payment[] {
    return this.#byStory.get(story) ?? [];
  }

  raisePrice(story: string): void {
    this.#prices.set(story, this.priceOf(story) + 1);
  }

  /** The next so many answers do not arrive. */
  loseAnswers(count: number): void {
    this.#losing = count;
  }

  /** Makes one payment for one key, whatever comes. */
  pay({ key, story, price }: Omit<Payment, "id">): Payment {
    const payment = this.#byKey.get(key) ?? this.#add({ key, story, price });
    this.#answer();
    return payment;
  }

  find(key: string): Payment | undefined {
    this.#answer();
    return this.#byKey.get(key);
  }

  #add(payment: Omit<Payment, "id">): Payment {
    const made = { id: this.#byKey.size + 1, ...payment };
    this.#byKey.set(made.key, made);
    this.#byStory.set(made.story, [...this.paidFor(made.story), made]);
    return made;
  }

  #answer(): void {
    if (this.#losing === 0) return;
    this.#losing -= 1;
    throw new Error("the answer got lost");
  }
}
