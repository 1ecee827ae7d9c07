import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { commonSettings, defineConfig, documentConfig, integer, loadConfig, problemsOf, settings } from './config.js';

const config = defineConfig('sample', {
  ...commonSettings,
  DATABASE_URL: settings.databaseUrl,
  WAIT_SECONDS: integer(1, 60).default(10).describe('how long to wait'),
  SECRET: z.string().min(8).describe('what nobody knows'),
  NOTE: z.string().optional().describe('anything'),
});
const good = { NATS_URL: 'nats://127.0.0.1:4222', DATABASE_URL: 'postgres://a@b/c', SECRET: 'long enough' };

describe('the configuration of a process', () => {
  test('is read, with defaults for what is not given', () => {
    expect(loadConfig(config, { ...good, WAIT_SECONDS: '60', UNRELATED: 'x' })).toEqual({
      ...good,
      WAIT_SECONDS: 60,
      ADMIN_HOST: '127.0.0.1',
      ADMIN_PORT: 0,
      LOG_LEVEL: 'info',
    });
  });

  test('takes what is empty as not given', () => {
    expect(loadConfig(config, { ...good, WAIT_SECONDS: '', ADMIN_HOST: '', NOTE: '' })).toMatchObject({ WAIT_SECONDS: 10, ADMIN_HOST: '127.0.0.1' });
    expect(loadConfig(config, { ...good, WAIT_SECONDS: '  ' })).toMatchObject({ WAIT_SECONDS: 10 });
    expect(problemsOf(config as never, { ...good, SECRET: '' })).toEqual(['SECRET is missing (what nobody knows)']);
  });

  test('has all of its problems named at once, each with what the setting is for', () => {
    const problems = problemsOf(config, { NATS_URL: 'http://nats', ADMIN_PORT: '70000', WAIT_SECONDS: '1.5', LOG_LEVEL: 'loud', SECRET: 'short' });
    expect(problems.map((line) => line.split(' ')[0])).toEqual(['NATS_URL', 'ADMIN_PORT', 'LOG_LEVEL', 'DATABASE_URL', 'WAIT_SECONDS', 'SECRET']);
    expect(problems[0]).toBe('NATS_URL is not valid: must be a URL that begins with nats:// or tls:// or ws:// or wss:// (NATS server)');
    expect(problems[3]).toBe('DATABASE_URL is missing (Postgres database)');
    // What is secret is not repeated.
    expect(problems.join('\n')).not.toContain('short');
  });

  test.each([
    ['WAIT_SECONDS', '0'],
    ['WAIT_SECONDS', '61'],
    ['WAIT_SECONDS', 'ten'],
    ['WAIT_SECONDS', '1e9'],
    ['WAIT_SECONDS', 'NaN'],
    ['ADMIN_PORT', '-1'],
    ['NATS_URL', 'nats'],
    ['NATS_URL', 'redis://127.0.0.1'],
    ['DATABASE_URL', 'mysql://a@b/c'],
  ])('does not take %s=%j', (name, value) => {
    expect(problemsOf(config as never, { ...good, [name]: value })).toHaveLength(1);
  });

  test('can be documented: name, description, default, and what must be given', () => {
    const documented = Object.fromEntries(documentConfig(config as never).map(({ name, fallback, description }) => [name, [fallback, description]]));
    expect(documented).toMatchObject({ WAIT_SECONDS: ['10', 'how long to wait'], SECRET: [undefined, 'what nobody knows'], NOTE: ['', 'anything'], ADMIN_PORT: ['0', expect.any(String)] });
  });
});
