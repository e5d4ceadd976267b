import { randomUUID } from "node:crypto";
import { DefinitionError } from "../../../define/definition-error.ts";
import type { JsonObject } from "../../../wire/exchange.ts";
import { type ApiDocument, objectOf, resolve, textIn } from "../document/api-document.ts";
import type { Operation } from "../document/operations.ts";
import { flatten } from "./encode-value.ts";
import type { ParameterStyle } from "./parameter.ts";
import { writeQuery } from "./write-parameter.ts";

export type BodyKind = "json" | "form" | "multipart" | "text";

/** The body of an operation, as its document has it. */
export interface BodyDefinition {
  readonly mediaType: string;
  readonly kind: BodyKind;
  readonly required: boolean;
  readonly description: string | undefined;
  readonly schema: unknown;
  /** How the fields of a form are written, where the document says so. */
  readonly styles: Readonly<Record<string, ParameterStyle>>;
}

/** A body to be sent: JSON, whatever it is written as. */
export interface ApiBody {
  readonly mediaType: string;
  readonly kind: BodyKind;
  readonly value: unknown;
  readonly styles: Readonly<Record<string, ParameterStyle>>;
}

const KINDS: readonly (readonly [BodyKind, RegExp])[] = [
  ["json", /^application\/(?:[a-z0-9.+-]+\+)?json\b/i],
  ["form", /^application\/x-www-form-urlencoded\b/i],
  ["multipart", /^multipart\/form-data\b/i],
  ["text", /^text\/plain\b/i],
];

/** The body that an operation takes, in the form that says most; undefined where it takes none. */
export function bodyOf(document: ApiDocument, operation: Operation): BodyDefinition | undefined {
  if (operation.definition["requestBody"] === undefined) return undefined;
  const body = resolve(document, operation.definition["requestBody"]);
  const offered = Object.entries(objectOf(body["content"]));
  for (const [kind, pattern] of KINDS) {
    const found =
      offered.find(([mediaType]) => pattern.test(mediaType)) ??
      offered.find(([type]) => kind === "json" && type === "*/*");
    if (found === undefined) continue;
    const [mediaType, media] = found;
    const { schema = {}, encoding } = objectOf(media);
    return {
      mediaType: mediaType === "*/*" ? "application/json" : mediaType,
      kind,
      required: body["required"] === true,
      description: textIn(body["description"]),
      schema,
      styles: stylesOf(objectOf(encoding)),
    };
  }
  throw new DefinitionError(
    document.place,
    `the body of ${operation.name} is ${offered.map(([mediaType]) => mediaType).join(" or ") || "nothing"}.`,
    "JSON, forms and plain text can be served; write a tool of your own for anything else.",
  );
}

function stylesOf(encoding: JsonObject): Readonly<Record<string, ParameterStyle>> {
  return Object.fromEntries(
    Object.entries(encoding).map(([name, said]) => {
      const { style = "form", explode, allowReserved, contentType } = objectOf(said);
      return [
        name,
        {
          ...formStyle(name),
          style: textIn(style) ?? "form",
          ...(typeof explode === "boolean" && { explode }),
          allowReserved: allowReserved === true,
          json: /json/.test(textIn(contentType) ?? ""),
        },
      ];
    }),
  );
}

function formStyle(name: string): ParameterStyle {
  return { place: "query", name, style: "form", explode: true, allowReserved: false, json: false };
}

/** A body as it is sent. */
export interface EncodedBody {
  readonly text: string;
  readonly contentType: string;
}

export function encodeBody({ kind, value, styles, mediaType }: ApiBody): EncodedBody {
  if (kind === "json") return { text: JSON.stringify(value), contentType: mediaType };
  if (kind === "text") {
    return {
      text: typeof value === "string" ? value : JSON.stringify(value),
      contentType: `${mediaType.split(";", 1)[0]}; charset=utf-8`,
    };
  }
  const fields = Object.entries(objectOf(value)).filter(([, field]) => field !== undefined);
  if (kind === "multipart") return encodeMultipart(fields);
  const pieces = fields.flatMap(([name, field]) =>
    writeQuery((Object.hasOwn(styles, name) ? styles[name] : undefined) ?? formStyle(name), field),
  );
  return { text: pieces.join("&"), contentType: mediaType };
}

/** RFC 7578, fields of text alone. No value can hold the boundary, which nobody can guess. */
function encodeMultipart(fields: readonly (readonly [name: string, field: unknown])[]): EncodedBody {
  const boundary = `callgate-${randomUUID()}`;
  const parts = fields.flatMap(([name, field]) => {
    const isObject = typeof field === "object" && field !== null && !Array.isArray(field);
    const flat = isObject ? undefined : flatten(name, field);
    const texts = flat?.kind === "list" ? flat.texts : [flat?.kind === "one" ? flat.text : JSON.stringify(field)];
    const quoted = name.replaceAll(/["\r\n]/g, (character) => encodeURIComponent(character));
    return texts.map((text) => `--${boundary}\r\ncontent-disposition: form-data; name="${quoted}"\r\n\r\n${text}\r\n`);
  });
  return { text: `${parts.join("")}--${boundary}--\r\n`, contentType: `multipart/form-data; boundary=${boundary}` };
}
