import type { Tokens, TokensOf } from '@ohmnibus/contracts';

/**
 * A value as one token of a subject. What NATS gives a meaning to ('.', '*', '>', white space) and '%' itself are percent-encoded,
 * so a station may be called anything.
 */
export function escapeToken(value: string): string {
  if (value === '') return '%';
  return /^[\w:@=+~-]+$/.test(value) ? value : encodeURIComponent(value).replace(/[.*!'()]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The subject to ask: every token is required by its type. */
export function fillSubject<S extends string>(subject: S, tokens: Tokens<S>): string {
  return subject.replace(/\{(\w+)\}/g, (_, name: string) => escapeToken((tokens as Record<string, string>)[name] ?? ''));
}

/** The subject to serve: a token left out becomes '*'. */
export function matchSubject<S extends string>(subject: S, tokens: Partial<Record<TokensOf<S>, string>>): string {
  return subject.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = (tokens as Record<string, string | undefined>)[name];
    return value === undefined ? '*' : escapeToken(value);
  });
}
