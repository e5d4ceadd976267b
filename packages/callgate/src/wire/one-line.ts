/** JSON text without line breaks, which end a message on stdio and in event streams: within strings JSON has none. */
export function oneLine(text: string): string {
  return text.includes("\n") || text.includes("\r") ? text.replace(/[\r\n]+/g, " ") : text;
}
