import { readFileSync } from 'node:fs';

/** How a fleet looks up the Basic password of a station. */
export type Passwords = (id: string) => string | undefined;

/** Reads a file with one password for all, or with a JSON object from identity to password. Throws if it is neither or unreadable. */
export function readPasswords(path: string): Passwords {
  const text = readFileSync(path, 'utf8').trim();
  if (text === '') throw new Error(`${path} is empty`);
  if (!text.startsWith('{')) return () => text;
  const parsed = JSON.parse(text) as Record<string, unknown>;
  const odd = Object.entries(parsed).find(([, password]) => typeof password !== 'string');
  if (odd) throw new Error(`${path}: the password of ${odd[0]} is not a string`);
  const passwords = new Map(Object.entries(parsed as Record<string, string>));
  return (id) => passwords.get(id);
}
