import { leadsElsewhere } from "../../leads-elsewhere.ts";
import { flatten, percent, percentReserved, refuseSeparator, textOf } from "./encode-value.ts";
import type { ParameterStyle } from "./parameter.ts";
import { unsayable } from "./unsayable.ts";

/** The pieces `name=value` of a query (or a form), percent-encoded; none for what has no values. */
export function writeQuery(style: ParameterStyle, value: unknown): readonly string[] {
  const { name } = style;
  const encode = style.allowReserved ? percentReserved : percent;
  const key = percent(name, name);
  if (style.json) return [`${key}=${encode(name, JSON.stringify(value))}`];
  if (style.style === "deepObject") return writeDeep(name, { key: name, value });
  const flat = flatten(name, value);
  if (flat.kind === "one") return [`${key}=${encode(name, flat.text)}`];
  if (style.explode) {
    if (flat.kind === "list") return flat.texts.map((text) => `${key}=${encode(name, text)}`);
    return flat.fields.map(([field, text]) => `${percent(name, field)}=${encode(name, text)}`);
  }
  const texts = flat.kind === "list" ? flat.texts : flat.fields.flat();
  if (texts.length === 0) return [];
  const separator = SEPARATORS[style.style];
  if (separator !== undefined) refuseSeparator(name, texts, separator);
  // A comma within a text is encoded, also where reserved characters may stand as they are.
  const joined = texts
    .map((text) => percent(name, text))
    .join(separator === undefined ? "," : percent(name, separator));
  return [`${key}=${joined}`];
}

const SEPARATORS: Readonly<Record<string, string>> = { spaceDelimited: " ", pipeDelimited: "|" };

/** `filter[size]=4`, deeper ones alike: `filter[size][least]=4`; lists repeat their name. */
function writeDeep(name: string, { key, value }: { readonly key: string; readonly value: unknown }): readonly string[] {
  if (Array.isArray(value)) {
    return value.map((item) => `${percent(name, key)}=${percent(name, textOf(name, item))}`);
  }
  if (typeof value !== "object" || value === null)
    return [`${percent(name, key)}=${percent(name, textOf(name, value))}`];
  return Object.entries(value).flatMap(([field, item]) => {
    if (item === undefined) return [];
    if (/[[\]]/.test(field)) throw unsayable(name, "names in it may not contain brackets");
    return writeDeep(name, { key: `${key}[${field}]`, value: item });
  });
}

/** What stands for `{name}` in a path. It never leads out of its place: no empty text, no dots that mean a folder. */
export function writePath(style: ParameterStyle, value: unknown): string {
  const { name } = style;
  const flat = flatten(name, value);
  const texts = flat.kind === "one" ? [flat.text] : flat.kind === "list" ? flat.texts : flat.fields.flat();
  for (const text of texts) refuseOutOfPlace(name, text);
  if (texts.length === 0) throw unsayable(name, "it may not be empty");
  if (flat.kind === "one") return `${leadOf(style)}${percent(name, flat.text)}`;
  const pieces =
    flat.kind === "list"
      ? flat.texts.map((text) => percent(name, text))
      : flat.fields.map(([field, text]) => `${percent(name, field)}${style.explode ? "=" : ","}${percent(name, text)}`);
  if (style.style === "simple" || !style.explode) return `${leadOf(style)}${pieces.join(",")}`;
  if (style.style === "label") {
    refuseSeparator(name, texts, ".");
    return `.${pieces.join(".")}`;
  }
  const key = percent(name, name);
  return pieces.map((piece) => (flat.kind === "list" ? `;${key}=${piece}` : `;${piece}`)).join("");
}

function leadOf({ style, name }: ParameterStyle): string {
  if (style === "simple") return "";
  return style === "label" ? "." : `;${percent(name, name)}=`;
}

function refuseOutOfPlace(name: string, text: string): void {
  if (text === "") throw unsayable(name, "it may not be empty");
  if (/\p{Cc}/u.test(text)) throw unsayable(name, "it may not contain control characters");
  if (leadsElsewhere(text)) throw unsayable(name, "it may not be a way to another place");
}

/** The value of a header: one line of ASCII, as it is received. */
export function writeHeader(style: ParameterStyle, value: unknown): string {
  const { name } = style;
  if (style.json) return headerText(name, JSON.stringify(value).replaceAll(/[\u007f-\uffff]/g, unicodeEscape));
  const flat = flatten(name, value);
  if (flat.kind === "one") return headerText(name, flat.text);
  const texts = flat.kind === "list" ? flat.texts : flat.fields.flat();
  refuseSeparator(name, texts, ",");
  if (flat.kind === "list" || !style.explode) return headerText(name, texts.join(","));
  refuseSeparator(name, texts, "=");
  return headerText(name, flat.fields.map(([field, text]) => `${field}=${text}`).join(","));
}

function headerText(name: string, text: string): string {
  if (/^[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?$/.test(text)) return text;
  throw unsayable(name, "it goes in a header: one line of ASCII, not empty, without spaces around it");
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** A cookie, `name=value`. */
export function writeCookie(style: ParameterStyle, value: unknown): string {
  const { name } = style;
  if (style.json) return `${name}=${percent(name, JSON.stringify(value))}`;
  const flat = flatten(name, value);
  if (flat.kind === "one") return `${name}=${percent(name, flat.text)}`;
  const texts = flat.kind === "list" ? flat.texts : flat.fields.flat();
  return `${name}=${texts.map((text) => percent(name, text)).join(",")}`;
}
