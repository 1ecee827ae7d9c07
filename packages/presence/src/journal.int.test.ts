import { expect, test } from '@jest/globals';
import { eventually } from '@ohmnibus/testkit';
import { Journal } from './journal.js';
import { Presence } from './presence.js';
import { RedisClock } from './redis-clock.js';
import { TurnBatch } from './turn-batch.js';
import { fixture, other, useTwoProcesses } from './two-processes-fixture.js';

useTwoProcesses();

let names = 0;
/** Two processes that share a journal. */
function journals() {
  const name = `test-${++names}`;
  return { name, mine: fixture.presence.journal(name), theirs: other.journal(name) };
}

const keys = (name: string) => fixture.redis.keys(`journal:${name}*`);

/** Two processes know Redis's clock to a few milliseconds each, so what is young may lie ahead of the other's: of any age takes a margin. */
const anyAge = -10_000;

async function inherited(journal: ReturnType<Presence['journal']>): Promise<string[]> {
  const taken: string[] = [];
  await journal.inherit(anyAge, async (entries) => void taken.push(...entries));
  return taken;
}

test('what a process has noted and not done is handed to another, once', async () => {
  const { mine, theirs } = journals();
  await Promise.all(['a', 'b', 'c'].map((entry) => mine.note(entry)));
  await mine.note('d');
  expect((await inherited(theirs)).toSorted()).toEqual(['a', 'b', 'c', 'd']);
  expect(await inherited(theirs)).toEqual([]);
});

test('what is not old enough is not handed over', async () => {
  const { mine, theirs } = journals();
  await mine.note('a');
  await theirs.inherit(60_000, () => Promise.reject(new Error('it is young')));
  expect(await inherited(theirs)).toEqual(['a']);
});

test('a process is not handed what it has noted itself', async () => {
  const { mine } = journals();
  await mine.note('a');
  expect(await inherited(mine)).toEqual([]);
});

test('what is added to an entry is handed over behind it, even if its process is gone a moment later', async () => {
  const { name, theirs } = journals();
  const dying = await Presence.connect({ url: fixture.kit.redisUrl });
  const mine = dying.journal(name);
  const page = await mine.note('a');
  const added = Promise.all([mine.add(page, 'a has ended'), mine.note('b')]);
  expect((await added)[0]).toBe(true);
  await dying.close();
  expect(await inherited(theirs)).toEqual(['a', 'a has ended', 'b']);
});

test('what is added is not certain once Redis is gone, and adds nothing to a page that somebody has taken', async () => {
  const { name, mine, theirs } = journals();
  const page = await mine.note('a');
  expect(await inherited(theirs)).toEqual(['a']);
  await mine.add(page, 'late');
  const next = await mine.note('b');
  expect(await keys(name)).toEqual([page.key]);
  expect(next.key).toBe(page.key);
  const closed = await Presence.connect({ url: fixture.kit.redisUrl });
  const journal = closed.journal(name);
  const last = await journal.note('c');
  await closed.close();
  await eventually('what is added is not certain', async () => !(await journal.add(last, 'too late')));
});

test('a process that stood still writes on no page that others may have taken meanwhile', async () => {
  const { name, theirs } = journals();
  await fixture.redis.ping();
  let stoodStillMs = 0;
  const mine = new Journal(fixture.redis, new TurnBatch(fixture.redis, new RedisClock()), () => fixture.presence.now() + stoodStillMs, name);
  const page = await mine.note('a');
  expect(await inherited(theirs)).toEqual(['a']);
  stoodStillMs = 5_000;
  expect((await mine.note('b')).key).not.toBe(page.key);
  expect(await inherited(theirs)).toEqual(['b']);
  await mine.close();
});

test('what nobody could take is handed over again', async () => {
  const { mine, theirs } = journals();
  await mine.note('a');
  await expect(theirs.inherit(anyAge, () => Promise.reject(new Error('not now')))).rejects.toThrow('not now');
  expect(await inherited(theirs)).toEqual(['a']);
});

test('nothing is left of a journal that is closed with everything done', async () => {
  const { name, mine } = journals();
  const pages = await Promise.all(['a', 'b'].map((entry) => mine.note(entry)));
  expect(await keys(name)).toHaveLength(2);
  for (const page of pages) mine.done(page);
  await mine.close();
  await eventually('its keys are gone', async () => (await keys(name)).length === 0);
});

test('what was open when a journal was closed is handed over', async () => {
  const { mine, theirs } = journals();
  mine.done(await mine.note('a'));
  await mine.note('b');
  await mine.close();
  expect(await inherited(theirs)).toContain('b');
});

test('a page on which everything is done goes by itself, and expires in any case', async () => {
  const { name, mine } = journals();
  const page = await mine.note('a');
  expect(await fixture.redis.ttl(page.key)).toBeGreaterThan(3600);
  mine.done(page);
  await eventually('its keys are gone', async () => (await keys(name)).length === 0);
  const next = await mine.note('b');
  expect(next.key).not.toBe(page.key);
});

test('an entry that Redis did not take is told', async () => {
  const { name, mine, theirs } = journals();
  await fixture.redis.set(`journal:${name}`, 'no sorted set');
  await expect(mine.note('a')).rejects.toMatchObject({ code: 'unavailable' });
  await fixture.redis.del(`journal:${name}`);
  await mine.note('b');
  expect(await inherited(theirs)).toContain('b');
});
