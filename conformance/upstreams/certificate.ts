import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { isIPv4 } from "node:net";

/** A certificate and its key, in PEM: made anew each time, written nowhere. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateOptions {
  /** Names and IPv4 addresses that it is for. */
  readonly names: readonly string[];
  /** Days from now until it ends: of one that has ended, fewer than none. 1 unless said otherwise. */
  readonly days?: number;
  /** Who signs it; itself unless said otherwise. */
  readonly issuer?: Certificate;
}

const DAY_MS = 86_400_000;
const ISSUER = "Callgate tests";

/** A certificate as RFC 5280 has it, with as little in it as clients need. */
export function makeCertificate({ names, days = 1, issuer }: CertificateOptions): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const until = Date.now() + days * DAY_MS;
  const signed = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ecdsaWithSha256,
    nameOf(ISSUER),
    sequence(time(until - 30 * DAY_MS), time(until)),
    nameOf(issuer === undefined ? ISSUER : (names[0] ?? "")),
    publicKey.export({ format: "der", type: "spki" }),
    der(0xa3, sequence(alternativeNames(names), ...(issuer === undefined ? [mayIssue] : []))),
  );
  const signer = issuer === undefined ? privateKey : createPrivateKey(issuer.key);
  return { cert: toPem(sequence(signed, ecdsaWithSha256, signatureOf(signed, signer))), key: pemOf(privateKey) };
}

function pemOf(key: KeyObject): string {
  return key.export({ format: "pem", type: "pkcs8" }) as string;
}

function signatureOf(signed: Buffer, key: KeyObject): Buffer {
  return der(0x03, Buffer.from([0]), sign("sha256", signed, key));
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head = length < 128 ? [tag, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts);
}

function integer(bytes: Buffer): Buffer {
  return der(0x02, bytes);
}

/** An object identifier, of which every part is given in its bytes. */
function oid(...bytes: readonly number[]): Buffer {
  return der(0x06, Buffer.from(bytes));
}

function nameOf(common: string): Buffer {
  return sequence(der(0x31, sequence(oid(0x55, 4, 3), der(0x0c, Buffer.from(common)))));
}

function time(at: number): Buffer {
  const digits = new Date(at).toISOString().replaceAll(/\D/g, "").slice(0, 14);
  return der(0x18, Buffer.from(`${digits}Z`));
}

function alternativeNames(names: readonly string[]): Buffer {
  const each = names.map((name) =>
    isIPv4(name) ? der(0x87, Buffer.from(name.split(".").map(Number))) : der(0x82, Buffer.from(name)),
  );
  return sequence(oid(0x55, 29, 17), der(0x04, sequence(...each)));
}

const ecdsaWithSha256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2));
const isTrue = der(0x01, Buffer.from([0xff]));
const mayIssue = sequence(oid(0x55, 29, 19), isTrue, der(0x04, sequence(isTrue)));

function toPem(bytes: Buffer): string {
  const lines = bytes.toString("base64").replaceAll(/.{64}/g, "$&\n").trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
