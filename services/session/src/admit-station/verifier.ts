import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { StationRef } from '@ohmnibus/domain';
import { canonicalPassword } from './canonical-password.js';

/** What a verifier speaks of. */
export interface VerifiedPassword extends StationRef {
  /** As stored. It is part of what is signed, so that a changed password makes every verifier of the old one worthless. */
  readonly passwordHash: string;
  readonly password: Buffer;
}

/** The key under which ADMISSION_SECRET signs. */
export function admissionKey(secret: string): KeyObject {
  return createSecretKey(Buffer.from(secret));
}

/** Where a station's verifier is kept in Redis. Lengths first: no two stations share one, whatever they are called. */
export function verifierName({ tenant, station }: StationRef): string {
  return `${tenant.length}:${tenant}:${station}`;
}

/**
 * What is kept in Redis after a password was found right: `<of the hash>.<of the password>`, both signatures. Whoever reads it learns neither
 * and, without the key, can make none.
 */
export function verifierFor(key: KeyObject, verified: VerifiedPassword): string {
  return `${signHash(key, verified)}.${signPassword(key, verified)}`;
}

/** `stale`: it speaks of another hash, or was signed with another key, and says nothing about this password. */
export function compareVerifier(key: KeyObject, verifier: string, asked: VerifiedPassword): 'right' | 'wrong' | 'stale' {
  const dot = verifier.indexOf('.');
  if (equal(verifier.slice(dot + 1), signPassword(key, asked))) return 'right';
  return equal(verifier.slice(0, dot), signHash(key, asked)) ? 'wrong' : 'stale';
}

function signHash(key: KeyObject, verified: VerifiedPassword): string {
  return sign(key, 'hash', verified).digest('base64url');
}

function signPassword(key: KeyObject, verified: VerifiedPassword): string {
  return sign(key, 'password', verified).update(canonicalPassword(verified.password)).digest('base64url');
}

function sign(key: KeyObject, purpose: string, { tenant, station, passwordHash }: VerifiedPassword) {
  return createHmac('sha256', key).update(`${purpose}\0${tenant.length}:${station.length}:${passwordHash.length}:${tenant}${station}${passwordHash}`);
}

function equal(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
