import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writePrivately } from './write-privately.js';

/** What only this installation knows. */
export interface Secrets {
  /** The key to the REST API. */
  apiKey: string;
  /** Signs the proofs that spare a slow password hash when a station comes back. */
  admissionSecret: string;
  /** Encrypts the keys of certificate authorities in the database. */
  certificateAuthoritySecret: string;
  /** Signs the links by which stations fetch firmware and upload logs. */
  filesSecret: string;
  /** The Basic password of the simulated stations. */
  stationPassword: string;
}

/** Reads the secrets of an earlier start, or makes and keeps them. A secret that an older version did not know is added. */
export function loadSecrets(file: string): Secrets {
  const random = (bytes: number) => randomBytes(bytes).toString('base64url');
  const fresh: Secrets = {
    apiKey: random(32),
    admissionSecret: random(32),
    certificateAuthoritySecret: random(32),
    filesSecret: random(32),
    stationPassword: random(18),
  };
  const secrets: Secrets = { ...fresh, ...read(file) };
  writePrivately(file, secrets);
  return secrets;
}

function read(file: string): Partial<Secrets> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>;
  } catch (error) {
    // Only a file that is not there may be replaced: overwriting a damaged one would lock out everybody who holds the key.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new Error(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
