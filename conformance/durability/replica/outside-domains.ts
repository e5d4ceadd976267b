import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { BackendDeclaration } from "../../../packages/callgate/src/define/backend.ts";
import type { CommitContext, PlanContext } from "../../../packages/callgate/src/define/context.ts";
import { type AnyDomain, type Domain, defineDomain } from "../../../packages/callgate/src/define/domain.ts";
import {
  approvalTools,
  type Backend,
  backendOf,
  backends,
  type EffectTool,
  type Trouble,
  troubles,
} from "../effects/effect.ts";
import { type Outside, reachOutside } from "../effects/outside.ts";

/** Short, so that leases end within a run. */
const TIMEOUT_MS = 1_500;
/** How long a slow order takes before it is made, and how long its call waits for it. */
const SLOW_MS = 600;
const WAITED_MS = 300;
const input = z.object({ story: z.string(), trouble: z.enum(troubles) });
const output = z.object({ effect: z.number(), story: z.string() });
// As an interface it would be no plan: those may have further fields.
type Planned = {
  readonly preview: { readonly action: string; readonly story: string; readonly price: number };
  readonly story: string;
  readonly trouble: Trouble;
};
type Input = z.output<typeof input>;

export interface OutsideOptions {
  readonly url: string;
  /** Told before and after each effect. */
  readonly reach: (point: "before-effect" | "effect-made") => void;
}

/** Domains over the outside world, one for each kind of backend. */
export function outsideDomains(options: OutsideOptions): readonly AnyDomain[] {
  return [orders(options), letters(options), notices(options)];
}

function orders(options: OutsideOptions): AnyDomain {
  const domain = domainOf("orders", options);
  domain.write("place_order", { ...writeOf("place_order"), commit: (plan, ctx) => commit("place_order", plan, ctx) });
  domain.write("place_pair", {
    ...writeOf("place_pair"),
    timeoutMs: 2 * TIMEOUT_MS,
    // Its own part first: a no of the outside world must be one before anything happened.
    commit: async (plan, ctx) => {
      const made = await commit("place_pair", plan, ctx);
      for (const part of ["first", "second"])
        await ctx.call("place_order", { story: `${plan.story}.${part}`, trouble: "none" });
      return made;
    },
  });
  domain.write("place_slow_order", {
    ...writeOf("place_slow_order"),
    longRunning: { waitMs: WAITED_MS },
    timeoutMs: 4 * TIMEOUT_MS,
    commit: async (plan, ctx) => {
      await delay(SLOW_MS, undefined, { signal: ctx.signal });
      return commit("place_slow_order", plan, ctx);
    },
  });
  domain.write("place_big_order", {
    ...writeOf("place_big_order"),
    approval: approvalTools.place_big_order,
    commit: (plan, ctx) => commit("place_big_order", plan, ctx),
  });
  domain.read("price_order", {
    description: "The price of an order.",
    input: z.object({ story: z.string() }),
    output: z.object({ price: z.number(), story: z.string() }),
    timeoutMs: TIMEOUT_MS,
    run: async ({ story }, { backend, signal }) => ({ price: await backend.quote(story, signal), story }),
  });
  return domain;

  function commit(tool: EffectTool, plan: Planned, ctx: CommitContext<Outside>): Promise<z.output<typeof output>> {
    return makeEffect(options, { tool, plan, ctx, signal: ctx.signal });
  }
}

function letters(options: OutsideOptions): AnyDomain {
  const domain = domainOf("letters", options);
  domain.write("send_letter", { ...writeOf("send_letter"), ...committedAs("send_letter") });
  domain.write("send_big_letter", {
    ...writeOf("send_big_letter"),
    ...committedAs("send_big_letter"),
    approval: approvalTools.send_big_letter,
  });
  return domain;

  function committedAs(tool: EffectTool) {
    return {
      commit: (plan: Planned, ctx: CommitContext<Outside>) =>
        makeEffect(options, { tool, plan, ctx, signal: ctx.signal }),
      lookup: async (key: string, { backend, signal }: CommitContext<Outside>) => {
        const found = await backend.find(key, signal);
        return found && { effect: found.id, story: found.story };
      },
    };
  }
}

function notices(options: OutsideOptions): AnyDomain {
  const domain = domainOf("notices", options);
  domain.write("post_notice", {
    ...writeOf("post_notice"),
    // It goes on after its deadline: what comes of it lands late.
    commit: (plan, ctx) => makeEffect(options, { tool: "post_notice", plan, ctx, signal: undefined }),
  });
  return domain;
}

function domainOf(name: Backend, { url }: OutsideOptions): Domain<Outside> {
  const backend: BackendDeclaration<Outside> = {
    start: () => reachOutside(url),
    stop: (outside) => outside.close(),
    takesIdempotencyKey: backends[name].takesKey,
  };
  return defineDomain(name, { owner: "proof", purpose: "Makes effects.", concern: "Two for one.", backend });
}

function writeOf(tool: EffectTool): {
  readonly description: string;
  readonly input: typeof input;
  readonly output: typeof output;
  readonly timeoutMs: number;
  plan(input: Input, ctx: PlanContext<Outside>): Promise<Planned>;
} {
  return {
    description: `Makes an effect outside: ${tool}.`,
    input,
    output,
    timeoutMs: TIMEOUT_MS,
    plan: async ({ story, trouble }, { backend, signal }) => {
      const price = await backend.quote(story, signal);
      return { preview: { action: tool, story, price }, story, trouble };
    },
  };
}

interface Making {
  readonly tool: EffectTool;
  readonly plan: Planned;
  readonly ctx: CommitContext<Outside>;
  readonly signal: AbortSignal | undefined;
}

async function makeEffect(
  { reach }: OutsideOptions,
  { tool, plan: { story, trouble }, ctx: { backend, idempotencyKey: key }, signal }: Making,
): Promise<z.output<typeof output>> {
  reach("before-effect");
  const { takesKey } = backendOf(tool);
  const effect = await backend.make({ key, story, tool, takesKey, trouble }, signal);
  reach("effect-made");
  return { effect: effect.id, story: effect.story };
}
