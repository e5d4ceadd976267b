/** Whether an address is that of a resource or of a part of it; MCP 2025-11-25, `notifications/resources/updated`. */
export function isWithin(uri: string, whole: string): boolean {
  if (uri === whole) return true;
  return uri.startsWith(whole) && (whole.endsWith("/") || "/?#".includes(uri.charAt(whole.length)));
}
