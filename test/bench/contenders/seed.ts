import { Presence } from '@ohmnibus/presence';
import { admissionKey, hashPassword, verifierFor, verifierName } from '@ohmnibus/session/credentials';
import type pg from 'pg';
import { tokenDigits, tokenPrefix } from '../load-client/messages.js';
import { stationName, stationPrefix } from './contender.js';

const tenant = 'default';
const verifierSeconds = 24 * 3600;
const atOnce = 500;

/** Stations, each with one token of its own. With a password, they are stations whose password was found right lately. */
export async function seed(database: pg.Pool, stations: number, credentials?: { readonly password: string; readonly admissionSecret: string; readonly redisUrl: string }): Promise<void> {
  // One salt for all: what a station costs at the door is a look-up and a signature, never this hash.
  const passwordHash = credentials ? await hashPassword(Buffer.from(credentials.password)) : null;
  await database.query(`INSERT INTO station (tenant, id, password_hash) SELECT $1, $2 || lpad(i::text, 9, '0'), $3 FROM generate_series(0, $4::int - 1) i`, [
    tenant,
    stationPrefix,
    passwordHash,
    stations,
  ]);
  await database.query(
    `INSERT INTO token (tenant, key, value, status) SELECT $1, lower($2 || lpad(i::text, $3, '0')), $2 || lpad(i::text, $3, '0'), 'Accepted' FROM generate_series(0, $4::int - 1) i`,
    [tenant, tokenPrefix, tokenDigits, stations],
  );
  await database.query('VACUUM ANALYZE station, token');
  if (!credentials || passwordHash === null) return;
  const presence = await Presence.connect({ url: credentials.redisUrl });
  const key = admissionKey(credentials.admissionSecret);
  const remember = (index: number) => {
    const verified = { tenant, station: stationName(index), passwordHash, password: Buffer.from(credentials.password) };
    return presence.verifiers.set(verifierName(verified), verifierFor(key, verified), verifierSeconds);
  };
  for (let first = 0; first < stations; first += atOnce) {
    await Promise.all(Array.from({ length: Math.min(atOnce, stations - first) }, (_, i) => remember(first + i)));
  }
  await presence.close();
}
