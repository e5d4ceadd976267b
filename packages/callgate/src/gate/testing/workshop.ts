import { z } from "zod";
import type { CallContext } from "../../define/context.ts";
import { type Domain, type DomainOptions, defineDomain } from "../../define/domain.ts";
import type { ReadDeclaration } from "../../define/tool.ts";

const input = z.object({ how: z.string().default("") });
type Work = ReadDeclaration<unknown, typeof input, z.ZodAny, Record<never, never>>;

/** What `do_work` does. */
export type Run = (input: { how: string }, ctx: CallContext<unknown>) => unknown;

/** A domain whose one tool, `do_work`, reads by whatever function a test gives. */
export function workshop(
  run: Run,
  rules: Partial<Omit<Work, "run">> = {},
  options: Partial<DomainOptions<unknown>> = {},
): Domain<unknown> {
  const domain: Domain<unknown> = defineDomain("workshop", { owner: "o", purpose: "p", concern: "c", ...options });
  domain.read("do_work", { description: "Does some work.", input, run: run as Work["run"], ...rules });
  return domain;
}
