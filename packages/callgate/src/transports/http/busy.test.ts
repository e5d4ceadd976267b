import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RawConnection } from "../testing/raw-connection.ts";
import { until } from "../testing/start-echo.ts";
import { BusySign } from "./busy.ts";

const GET = "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";

describe("a busy sign", () => {
  let server: Server;
  let now: number;
  beforeEach(async () => {
    now = 0;
    const busy = new BusySign(() => now);
    server = createServer((request, response) => {
      request.resume().once("end", () => busy.show(request, response));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  const connect = (): RawConnection => new RawConnection((server.address() as AddressInfo).port);

  it("leaves who asks again at once unread for the second that it named, where there are too many of them (SECURITY 34)", async () => {
    const hasty = connect();
    const began = performance.now();
    hasty.write(GET.repeat(501));
    await until(() => hasty.statuses.length === 501);
    hasty.write(GET);
    await until(() => hasty.statuses.length === 502);
    expect(performance.now() - began).toBeGreaterThanOrEqual(999);
    expect(new Set(hasty.statuses)).toEqual(new Set([503]));
  });

  it("answers at once while there are few", async () => {
    const client = connect();
    client.write(GET.repeat(400));
    await until(() => client.statuses.length === 400);
    now = 1_000;
    client.write(GET.repeat(400));
    await until(() => client.statuses.length === 800);
    expect(client.received).not.toMatch(/connection: close/i);
  });
});
