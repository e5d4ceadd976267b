import { z } from "zod";
import type { CommitContext } from "../../define/context.ts";
import { type Domain, defineDomain } from "../../define/domain.ts";
import type { WriteDeclaration } from "../../define/tool.ts";

const input = z.object({ guest: z.string(), nights: z.number().int().default(1), note: z.string().optional() });
const output = z.object({ id: z.string(), guest: z.string() });

/** One effect in the outside world, and the key it was made under. */
export interface Effect {
  readonly key: string;
  readonly guest: string;
  readonly attempt: number;
}

type BookingPlan = {
  readonly preview: { readonly action: string; readonly guest: string; readonly price: number };
  readonly guest: string;
  readonly quoteId: string;
  readonly extra?: unknown;
};

type Booking = WriteDeclaration<undefined, typeof input, typeof output, { readonly receipt: z.ZodString }, BookingPlan>;

export interface BookingOptions extends Partial<Omit<Booking, "input" | "output" | "description">> {
  readonly takesIdempotencyKey?: boolean;
}

/** A domain that books stays and keeps what it did in `effects`; any part of its write can be replaced. */
export interface BookingDomain {
  readonly domain: Domain<undefined>;
  readonly effects: Effect[];
  /** What a stay costs; a test may change it between preview and commit. */
  price: number;
  plans: number;
  /** The write itself, for tests that wrap it. */
  book(plan: BookingPlan, ctx: CommitContext<undefined>): { id: string; guest: string; receipt: string };
}

export function bookingDomain({ takesIdempotencyKey, ...replaced }: BookingOptions = {}): BookingDomain {
  const backend = takesIdempotencyKey === undefined ? {} : { backend: { start: () => undefined, takesIdempotencyKey } };
  const domain = defineDomain("bookings", { owner: "stays", purpose: "Stays.", concern: "Two for one.", ...backend });
  const own: BookingDomain = {
    domain,
    effects: [],
    price: 100,
    plans: 0,
    book: ({ guest }, { idempotencyKey, attempt }) => {
      own.effects.push({ key: idempotencyKey, guest, attempt });
      return { id: `b${own.effects.length}`, guest, receipt: `receipt of ${guest}` };
    },
  };
  domain.write("create_booking", {
    description: "Books a stay for a guest.",
    input,
    output,
    include: { receipt: z.string() },
    volatile: ["quoteId"],
    plan: ({ guest, nights }): BookingPlan => {
      own.plans += 1;
      const preview = { action: "create_booking", guest, price: own.price * nights };
      return { preview, guest, quoteId: `q${own.plans}` };
    },
    commit: (plan, ctx) => own.book(plan, ctx),
    ...replaced,
  });
  return own;
}
