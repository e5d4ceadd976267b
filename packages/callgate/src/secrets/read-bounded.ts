/** The text of an answer of somebody else; rejects where it is longer than so many bytes. */
export async function readBounded(response: Response, mostBytes: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > mostBytes) throw new AnswerTooLongError(`the answer is longer than ${mostBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

class AnswerTooLongError extends Error {
  override readonly name = "AnswerTooLongError";
}
