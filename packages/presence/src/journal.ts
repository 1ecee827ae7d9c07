import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { repliesOf } from './execute-pipeline.js';
import type { TurnBatch } from './turn-batch.js';

/** Entries that were begun together, in one list of Redis. It goes when nothing of it is open any more. */
export interface JournalPage {
  readonly key: string;
  readonly begunAt: number;
  /** Entries that are not done. */
  open: number;
  /** Entries of this turn of the event loop, and their way to Redis. */
  turn: { readonly entries: string[]; readonly written: Promise<JournalPage> } | undefined;
  /** What is added in this turn to earlier entries. */
  additions: string[] | undefined;
  /** Others can find it. */
  listed: boolean;
  /** Nothing more is written on it. */
  turned: boolean;
}

/** How long entries are gathered on one page, in milliseconds. */
const pageMs = 2_000;
/** How long at most, in milliseconds; long before others may take the page. */
const latestMs = 2 * pageMs;
/** A page that nobody ever looks for again must not stay for ever. */
const keepSeconds = 7 * 24 * 3600;
/** Pages that are taken over at once. */
const atOnce = 50;

/**
 * What a process has in work, for the others if it dies over it. An entry is a line of text and costs a fraction of a row in a database: it is
 * appended to a list together with the others of its turn of the event loop, as one text, and goes with all of its page. So an entry may still be
 * handed over that was done.
 */
export class Journal {
  private readonly index: string;
  private readonly own = new Set<string>();
  private current: JournalPage | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly redis: Redis,
    private readonly batch: TurnBatch,
    /** On Redis's clock, in milliseconds. */
    private readonly now: () => number,
    /** All processes of one name share what others left behind. */
    private readonly name: string,
  ) {
    this.index = `journal:${name}`;
  }

  /**
   * Resolves, with what `done` takes, once Redis has the entry. Rejects with Fault `unavailable`; the entry may be there all the same, and is
   * nobody's then: it goes with its page or is handed over.
   */
  note(entry: string): Promise<JournalPage> {
    // A process that stood still has not turned its page in time: others may have taken it, and would not find what comes now.
    if (this.current && this.now() - this.current.begunAt > latestMs) this.turn(this.current);
    const page = (this.current ??= this.begin());
    page.open++;
    page.turn ??= this.write(page);
    page.turn.entries.push(entry);
    return page.turn.written;
  }

  /**
   * Appends to a page on which an entry is open what became of it. Resolves at the end of the turn: true if Redis gets to know it whatever
   * becomes of this process, false if that is not certain.
   */
  add(page: JournalPage, addition: string): Promise<boolean> {
    if (page.additions) page.additions.push(addition);
    else this.bring(page, (page.additions = [addition]));
    return this.batch.departed();
  }

  /** An entry of this page needs nobody's care any more. */
  done(page: JournalPage): void {
    page.open--;
    this.tear(page);
  }

  /**
   * Hands over what other processes noted so long ago and had not done when they were last heard. What is taken counts as done; what `take`
   * rejects comes again. More than one process may be handed the same.
   */
  async inherit(olderThanMs: number, take: (entries: string[]) => Promise<void>): Promise<void> {
    const [keys] = (await repliesOf(this.redis, this.redis.pipeline().zrangebyscore(this.index, '-inf', this.now() - olderThanMs, 'LIMIT', 0, atOnce))) as [string[]];
    for (const key of keys) {
      if (this.own.has(key)) continue;
      const [entries] = (await repliesOf(this.redis, this.redis.pipeline().lrange(key, 0, -1))) as [string[]];
      if (entries.length > 0) await take(entries.flatMap((turn) => turn.split('\n')));
      await repliesOf(this.redis, this.redis.pipeline().del(key).zrem(this.index, key));
    }
  }

  /** Takes away what is done. What is not stays, for others. */
  async close(): Promise<void> {
    clearTimeout(this.timer);
    if (this.current) this.turn(this.current);
    await new Promise(setImmediate); // What it asks of Redis leaves at the end of the turn.
  }

  private begin(): JournalPage {
    const page: JournalPage = { key: `journal:${this.name}:${randomUUID()}`, begunAt: this.now(), open: 0, turn: undefined, additions: undefined, listed: false, turned: false };
    this.own.add(page.key);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.turn(page), pageMs).unref();
    return page;
  }

  private turn(page: JournalPage): void {
    page.turned = true;
    if (this.current === page) this.current = undefined;
    this.tear(page);
  }

  private write(page: JournalPage): NonNullable<JournalPage['turn']> {
    const entries: string[] = [];
    const { batch, index } = this;
    const isNew = !page.listed;
    const commands = [
      ...(isNew ? [batch.command((redis) => redis.zadd(index, page.begunAt, page.key))] : []),
      batch.command((redis) => {
        page.turn = undefined;
        return redis.rpush(page.key, entries.join('\n'));
      }),
      ...(isNew ? [batch.command((redis) => redis.expire(page.key, keepSeconds))] : []),
    ];
    const written = Promise.all(commands).then(
      () => {
        page.listed = true;
        return page;
      },
      (error: unknown) => {
        if (page.turn?.entries === entries) page.turn = undefined;
        page.open -= entries.length;
        this.tear(page);
        throw error;
      },
    );
    return { entries, written };
  }

  private bring(page: JournalPage, additions: string[]): void {
    const taken = () => {
      if (page.additions === additions) page.additions = undefined;
    };
    const added = this.batch.command((redis) => {
      taken();
      return redis.rpushx(page.key, additions.join('\n')); // Not to a page that somebody has taken meanwhile.
    });
    added.catch(taken);
  }

  /** If Redis does not hear of it, another process is handed its entries, all of them done. */
  private tear(page: JournalPage): void {
    if (!page.turned || page.open > 0 || !this.own.delete(page.key)) return;
    for (const gone of [this.batch.command((redis) => redis.del(page.key)), this.batch.command((redis) => redis.zrem(this.index, page.key))]) gone.catch(() => undefined);
  }
}
