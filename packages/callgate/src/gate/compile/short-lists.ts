import type * as AjvModule from "ajv/dist/2020.js";
import type { mergeEvaluated as MergeEvaluated } from "ajv/dist/compile/util.js";
import { definitionOf } from "./definition-of.ts";

/**
 * Lets ajv judge lists that have no item for a part of `contains` or `prefixItems`; JSON Schema 2020-12, 10.3.1. By itself it
 * says of them what it said of the list before, and passes over the keywords that follow.
 */
export function judgeShortLists(
  ajv: AjvModule.Ajv2020,
  { _ }: typeof AjvModule,
  mergeEvaluated: typeof MergeEvaluated,
): void {
  const contains = definitionOf(ajv, "contains");
  const { code } = contains;
  contains.code = (context, type) => {
    const { minContains: min = 1, maxContains: max } = context.parentSchema as Limits;
    context.setParams({ min, max });
    if (min > 0) context.fail(_`${context.data}.length === 0`);
    code(context, type);
  };
  definitionOf(ajv, "prefixItems").code = (context) => {
    const { gen, data, it, keyword } = context;
    const parts = context.schema as readonly unknown[];
    if (it.items !== true) it.items = mergeEvaluated.items(gen, parts.length, it.items);
    const isRight = gen.let("isRight", true);
    for (const index of parts.keys()) {
      gen.if(_`${isRight} && ${data}.length > ${index}`, () => {
        const verdict = gen.name("verdict");
        context.subschema({ keyword, schemaProp: index, dataProp: index }, verdict);
        gen.assign(isRight, verdict);
      });
    }
    context.ok(isRight);
  };
}

interface Limits {
  readonly minContains?: number;
  readonly maxContains?: number;
}
