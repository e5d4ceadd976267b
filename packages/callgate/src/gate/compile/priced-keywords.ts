import type * as AjvModule from "ajv/dist/2020.js";
import { takeSteps } from "./bounded-steps.ts";
import { definitionOf } from "./definition-of.ts";
import { repeatedItems } from "./repeated-items.ts";

type Context = AjvModule.KeywordCxt;

/** What it takes to look at one of many. */
const CHARACTER = 4;
const ITEM = 16;
const NAME = 96;
/** What it takes to follow a reference, and to try a form and say why it does not fit. */
const REFERENCE = 16;
const FORM = 128;
/** What an error costs that is kept while other forms are tried: memory, and it is copied each time. */
const KEPT_ERROR = 256;

/**
 * SECURITY 25: lets ajv count what the keywords take that look at more than one thing, so that no value is tried forever:
 * forms that refer to themselves are tried anew for each form, on each level. A keyword that looks at one thing costs nothing.
 */
export function priceKeywords(ajv: AjvModule.Ajv2020, module: typeof AjvModule): void {
  for (const [keyword, price] of Object.entries(pricesIn(module))) {
    const definition = definitionOf(ajv, keyword);
    const { code } = definition;
    definition.code = (context, type) => {
      const steps = price(context);
      if (steps !== undefined) {
        const take = context.gen.scopeValue("func", { ref: takeSteps });
        context.gen.code(module._`${take}(${steps})`);
      }
      code(context, type);
    };
  }
  compareItemsOnce(ajv, module);
}

type Price = (context: Context) => AjvModule.Code | undefined;

function pricesIn({ _, Name }: typeof AjvModule): Readonly<Record<string, Price>> {
  const kept = _`${KEPT_ERROR} * ${new Name("errors")}`;
  const reference: Price = () => _`${REFERENCE} + ${kept}`;
  const forms: Price = ({ schema }) => _`${FORM * ((schema as readonly unknown[]).length - 1)} + ${kept}`;
  const items: Price = ({ data }) => _`${ITEM} * ${data}.length`;
  const characters: Price = ({ data }) => _`typeof ${data} == "string" ? ${CHARACTER} * ${data}.length : 0`;
  const names: Price = ({ data }) => _`${NAME} * Object.keys(${data}).length`;
  return {
    $ref: reference,
    $dynamicRef: reference,
    anyOf: forms,
    oneOf: forms,
    items,
    unevaluatedItems: items,
    contains: ({ data }) => _`${FORM} * ${data}.length + ${kept}`,
    pattern: characters,
    format: characters,
    minLength: characters,
    maxLength: characters,
    // A closed object that is looked at once costs no more than it did to read it.
    additionalProperties: (context) => (context.schema !== false || isTriedAgain(context) ? names(context) : undefined),
    patternProperties: names,
    propertyNames: names,
    unevaluatedProperties: names,
    minProperties: names,
    maxProperties: names,
  };
}

const referring = new WeakMap<object, boolean>();

/** Whether one value may come to this place of a schema more than once, or to many like it. */
function isTriedAgain({ it }: Context): boolean {
  if (it.compositeRule === true) return true;
  const { root } = it.schemaEnv;
  let refers = referring.get(root);
  if (refers === undefined) referring.set(root, (refers = /"\$(?:dynamicR|r)ef":/.test(JSON.stringify(root.schema))));
  return refers;
}

/** Instead of ajv's own way, which compares each item with every other. */
function compareItemsOnce(ajv: AjvModule.Ajv2020, { _ }: typeof AjvModule): void {
  definitionOf(ajv, "uniqueItems").code = (context) => {
    if (context.schema !== true) return;
    const { gen, data } = context;
    const find = gen.scopeValue("func", { ref: repeatedItems });
    const repeated = gen.const("repeated", _`${find}(${data})`);
    context.setParams({ i: _`${repeated}.later`, j: _`${repeated}.earlier` });
    context.pass(_`${repeated} === undefined`);
  };
}
