import { expect, it } from "vitest";
import { SecretKeeper } from "../../secrets/testing/secret-keeper.ts";
import { TokenEndpoint } from "./token-endpoint.ts";

const ask = (tokenUrl: string, parameters = {}): Promise<unknown> =>
  new TokenEndpoint({ tokenUrl, clientId: "gate" })
    .request("client_credentials", parameters)
    .catch((error: unknown) => error);

it("[C9] says of a server that cannot be reached that it cannot, and why in the log", async () => {
  const server = await SecretKeeper.start(() => ({ status: 200 }));
  const { url } = server;
  await server[Symbol.asyncDispose]();
  expect(await ask(`${url}/token`)).toMatchObject({
    message: expect.stringContaining("it cannot be reached"),
    cause: { cause: { code: "ECONNREFUSED" } },
  });
});

it("[C9] says of a fault of the gate's own that it is one, and keeps it for the log", async () => {
  await using server = await SecretKeeper.start(() => ({ status: 200 }));
  const fault = new RangeError("a fault of whoever wrote this");
  const broken = {
    toString: () => {
      throw fault;
    },
  };
  const error = await ask(`${server.url}/token`, { resource: broken });
  expect(error).toMatchObject({ message: expect.stringContaining("this gate itself failed"), cause: fault });
  expect(server.asked).toEqual([]);
});

it("[C9] keeps nothing of what a server answers", async () => {
  const body = { error: "Some Thing", error_description: "canary-of-the-answer" };
  await using server = await SecretKeeper.start(() => ({ status: 400, body }));
  const error = await ask(`${server.url}/token`);
  expect(error).toMatchObject({ message: expect.stringContaining("no answer of an authorization server") });
  expect((error as Error).cause).toBeUndefined();
});

it("[C9] says of an answer that is too long that it is", async () => {
  await using server = await SecretKeeper.start(() => ({ status: 200, body: { access_token: "x".repeat(100_000) } }));
  expect(await ask(`${server.url}/token`)).toMatchObject({
    message: expect.stringContaining("longer than 65536 bytes"),
  });
});
