import type { ServerResponse } from "node:http";

const comment = ": keep-alive\n\n";

/**
 * Watches how an answer is taken: a client that takes nothing for `quietMs` while something waits for it is cut off; a
 * stream on which there was nothing to say for so long gets a comment.
 */
export function watchReader(response: ServerResponse, quietMs: number): void {
  // Node's own clock of a socket sees progress within one large write too, which no count of bytes shows.
  response.setTimeout(quietMs, () => {
    if (response.writableLength > 0) response.destroy();
    else if (!response.writableEnded) response.write(comment);
  });
}
