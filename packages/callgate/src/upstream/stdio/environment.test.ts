import { expect, it } from "vitest";
import { childEnvironment } from "./environment.ts";

const own = {
  PATH: "/usr/bin",
  HOME: "/srv/gate",
  NODE_EXTRA_CA_CERTS: "/etc/ssl/company.pem",
  SSL_CERT_FILE: "/etc/ssl/all.pem",
  CALLGATE_KEY_RING: "canary of the ring",
  HTTPS_PROXY: "http://user:canary@proxy:3128",
  SHELL: "() { :; }",
};

it("a child finds itself and the certificates of its network, and nothing else of the gate's environment", () => {
  const { NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, ...found } = childEnvironment({}, own);
  expect([NODE_EXTRA_CA_CERTS, SSL_CERT_FILE]).toEqual(["/etc/ssl/company.pem", "/etc/ssl/all.pem"]);
  expect(found["PATH"]).toBe("/usr/bin");
  expect(JSON.stringify(found)).not.toMatch(/canary|\(\)/);
});

it("what is given wins over what is inherited", () => {
  const given = { PATH: "/opt/bin", HTTPS_PROXY: "http://proxy:3128", NODE_EXTRA_CA_CERTS: "" };
  expect(childEnvironment(given, own)).toMatchObject(given);
});
