import { describe, expect, test } from '@jest/globals';
import { escapeToken, fillSubject, matchSubject } from './subject.js';

const odd = ['', '.', '..', '*', '>', ' ', '\t', '\n', '%', '%25', '%2E', 'a.b', 'a b', 'CP-1', 'cp-1', 'Säule', '充電', '🔌', "it's", '(1)', '!', '$SYS', '{pod}', 'a/b', '#', 'a:b@c=d+e~f'];

describe('a value as a token of a subject', () => {
  test.each(odd)('%j is one token that means nothing to NATS, and can be told from every other', (value) => {
    const token = escapeToken(value);
    expect(token).toMatch(/^[^\s.*>]+$/);
    expect(odd.filter((other) => escapeToken(other) === token)).toEqual([value]);
  });

  test('reads as it is written where it is plain', () => {
    expect(escapeToken('CP-1:a@b=c+d~e_f')).toBe('CP-1:a@b=c+d~e_f');
  });
});

describe('a subject', () => {
  test('is filled with its tokens for a question', () => {
    expect(fillSubject('ocpp.in.{service}.{shard}', { service: 'session', shard: '1.2' })).toBe('ocpp.in.session.1%2E2');
  });

  test('leaves a token open for a server that does not mind', () => {
    expect(matchSubject('ocpp.in.{service}.{shard}', { service: 'session' })).toBe('ocpp.in.session.*');
  });

  test('without tokens is itself', () => {
    expect(fillSubject('session.admission', {})).toBe('session.admission');
    expect(matchSubject('session.admission', {})).toBe('session.admission');
  });

  test('takes no value for a pattern of its own replacement', () => {
    expect(fillSubject('gateway.{pod}.call', { pod: "$&$1$'" })).toBe(`gateway.${escapeToken("$&$1$'")}.call`);
  });
});
