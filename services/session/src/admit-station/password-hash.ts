import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { Fault } from '@ohmnibus/domain';
import { canonicalPassword } from './canonical-password.js';

const derive = promisify<Buffer, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt);

/** The work of one hash: 2^ln rounds over blocks of r * 128 bytes, p times. */
export interface HashCost {
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

/** 16 MiB and some 40 ms. Passwords of stations are mostly made by machines; what a guess costs matters less than with people's. */
const defaultCost: HashCost = { ln: 14, r: 8, p: 1 };
const saltBytes = 16;
const keyBytes = 32;
const stored = /^\$scrypt\$v=1\$ln=(\d+),r=(\d+),p=(\d+)\$([\w-]+)\$([\w-]+)$/;

/** What is stored of a password: `$scrypt$v=1$ln=14,r=8,p=1$<salt>$<key>`, the last two as base64url. Takes a while, off the event loop. */
export async function hashPassword(password: Buffer, cost: HashCost = defaultCost): Promise<string> {
  const salt = randomBytes(saltBytes);
  const key = await run(password, salt, keyBytes, cost);
  return `$scrypt$v=1$ln=${cost.ln},r=${cost.r},p=${cost.p}$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

/** Whether this is the password that was hashed, in time that does not tell how alike they are. A hash of an unknown format is a Fault `internal`. */
export async function passwordMatches(password: Buffer, passwordHash: string): Promise<boolean> {
  const [, ln, r, p, salt, key] = stored.exec(passwordHash) ?? [];
  if (!salt || !key) throw new Fault('internal', 'a stored password hash has a format that this build does not know');
  const expected = Buffer.from(key, 'base64url');
  const given = await run(password, Buffer.from(salt, 'base64url'), expected.length, { ln: Number(ln), r: Number(r), p: Number(p) });
  return timingSafeEqual(given, expected);
}

function run(password: Buffer, salt: Buffer, length: number, { ln, r, p }: HashCost): Promise<Buffer> {
  const N = 2 ** ln;
  // scrypt itself takes a password and the same with zero bytes behind it for one, and a binary key may end with some.
  const digest = createHash('sha256').update(canonicalPassword(password)).digest();
  // Node refuses to use more than 32 MiB unless told; twice what the rounds need leaves room for the rest.
  return derive(digest, salt, length, { N, r, p, maxmem: 256 * N * r });
}
