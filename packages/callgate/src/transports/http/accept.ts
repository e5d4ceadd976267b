/** Which kinds of answer a client takes. */
export interface Accepts {
  readonly json: boolean;
  readonly stream: boolean;
}

const everything: Accepts = { json: true, stream: true };
const remembered = new Map<string, Accepts>([["application/json, text/event-stream", everything]]);
const rememberedMost = 64;

/** Reads an `Accept` header. Clients that send none take everything, as HTTP says. */
export function readAccept(header: string | undefined): Accepts {
  if (header === undefined) return everything;
  const known = remembered.get(header);
  if (known !== undefined) return known;
  const ranges = header.split(",").map(readRange);
  const takes = (type: string, group: string): boolean => {
    const exact = ranges.find((range) => range.type === type) ?? ranges.find((range) => range.type === group);
    return (exact ?? ranges.find((range) => range.type === "*/*"))?.wanted ?? false;
  };
  const accepts = { json: takes("application/json", "application/*"), stream: takes("text/event-stream", "text/*") };
  if (remembered.size < rememberedMost) remembered.set(header, accepts);
  return accepts;
}

function readRange(text: string): { type: string; wanted: boolean } {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  return { type, wanted: !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)) };
}

/** Whether a `Content-Type` is JSON, parameters aside. */
export function isJsonType(header: string | undefined): boolean {
  if (header === "application/json") return true;
  return header !== undefined && header.split(";", 1)[0]?.trim().toLowerCase() === "application/json";
}
