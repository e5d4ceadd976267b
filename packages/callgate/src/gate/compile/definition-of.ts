import type * as AjvModule from "ajv/dist/2020.js";

/** The definition of a keyword of JSON Schema that this instance compiles by, none of another one. */
export function definitionOf(ajv: AjvModule.Ajv2020, keyword: string): AjvModule.CodeKeywordDefinition {
  return ajv.getKeyword(keyword) as AjvModule.CodeKeywordDefinition;
}
