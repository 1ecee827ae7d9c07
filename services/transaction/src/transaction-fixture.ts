import { Bus } from '@ohmnibus/bus';
import { stationCall, type StationAnswer } from '@ohmnibus/contracts';
import { Database, type Prisma, type Quarantine, type Sample, type Transaction } from '@ohmnibus/database';
import { tokenKey, type Origin } from '@ohmnibus/domain';
import { createLog, loadConfig, Metrics, type RunningParts } from '@ohmnibus/runtime';
import { openTestkit, waitingEvents, type Testkit, type TestkitOptions } from '@ohmnibus/testkit';
import { config } from './config.js';
import { startTransactionService } from './start-transaction-service.js';

export const silent = createLog('transaction', 'silent');

/** The transaction service in this process, and what a test asks it by and looks at the outcome with. Stations are of the tenant acme. */
export class TransactionFixture {
  private frames = 0;
  private stopped: Promise<void> | undefined;

  private constructor(
    readonly kit: Testkit,
    readonly service: RunningParts,
    /** As two gateways would: a connection each. */
    readonly buses: readonly [Bus, Bus],
    readonly database: Database,
  ) {}

  static async open(options: TestkitOptions = {}, env: Record<string, string> = {}): Promise<TransactionFixture> {
    const kit = await openTestkit({ services: ['postgres', 'nats'], ...options });
    const settings = loadConfig(config, { NATS_URL: kit.natsUrl, DATABASE_URL: kit.databaseUrl, LOG_LEVEL: 'silent', ...env });
    // Events wait in the outbox for as long as the tests take, unless a test says otherwise.
    const relaying = env['OUTBOX_POLL_MILLISECONDS'] === undefined ? { OUTBOX_POLL_MILLISECONDS: 3_600_000 } : {};
    const service = await startTransactionService({ ...settings, ...relaying }, { log: silent, metrics: new Metrics('transaction') });
    const connect = () => Bus.connect({ url: kit.natsUrl, name: 'gateway' });
    return new TransactionFixture(kit, service, [await connect(), await connect()], new Database({ url: kit.databaseUrl, name: 'test', poolSize: 2 }));
  }

  /** Stops the service, once. */
  stop(): Promise<void> {
    return (this.stopped ??= this.service.stop());
  }

  async close(): Promise<void> {
    await this.stop();
    await Promise.all(this.buses.map((bus) => bus.close()));
    await this.database.close();
    await this.kit.close();
  }

  /** The stamp of the next frame, or of the one named. */
  origin(station: string, { protocol = 'v16', epoch = 1, frame = ++this.frames, receivedAt = new Date() }: Partial<Origin> = {}): Origin {
    return { tenant: 'acme', station, protocol, epoch, frame, receivedAt };
  }

  /** A CALL of the station, as gateways pass it on. */
  ask(origin: Origin, action: string, payload: object, gateway: 0 | 1 = 0): Promise<StationAnswer> {
    const call = { origin, messageId: `m-${origin.frame}`, action, payload: Buffer.from(JSON.stringify(payload)) };
    return this.buses[gateway].ask(stationCall, { service: 'transaction', shard: '0' }, call);
  }

  /** Its answer, where that is a CALLRESULT. */
  async call(station: string, action: string, payload: object, stamp: Partial<Origin> = {}, gateway: 0 | 1 = 0): Promise<Record<string, unknown>> {
    const answer = await this.ask(this.origin(station, stamp), action, payload, gateway);
    if (answer.kind === 'error') throw new Error(`CALLERROR ${answer.code}: ${answer.description}`);
    return JSON.parse(answer.payload) as Record<string, unknown>;
  }

  async token(value: string, { group, ...more }: Omit<Partial<Prisma.TokenCreateInput>, 'tenant' | 'key' | 'value' | 'groupKey'> = {}): Promise<void> {
    const inGroup = group === undefined || group === null ? {} : { group, groupKey: tokenKey(group) };
    await this.database.prisma.token.create({ data: { tenant: 'acme', key: tokenKey(value), value, status: 'Accepted', ...inGroup, ...more } });
  }

  async group(name: string, more: Partial<Pick<Prisma.TokenGroupCreateInput, 'status' | 'maxTransactions'>>): Promise<void> {
    await this.database.prisma.tokenGroup.create({ data: { tenant: 'acme', key: tokenKey(name), name, ...more } });
  }

  transactions(station: string): Promise<Transaction[]> {
    return this.database.prisma.transaction.findMany({ where: { tenant: 'acme', station }, orderBy: { number: 'asc' } });
  }

  /** The only one of the station. */
  async transaction(station: string): Promise<Transaction> {
    const [first, second] = await this.transactions(station);
    if (!first || second) throw new Error(`${station} has ${first ? 'several transactions' : 'no transaction'}`);
    return first;
  }

  samples(station: string): Promise<Sample[]> {
    return this.database.prisma.sample.findMany({ where: { tenant: 'acme', station }, orderBy: [{ at: 'asc' }, { digest: 'asc' }] });
  }

  quarantined(station: string): Promise<Quarantine[]> {
    return this.database.prisma.quarantine.findMany({ where: { tenant: 'acme', station }, orderBy: { id: 'asc' } });
  }

  /** The domain events of the station that wait for the relay, in their order. */
  async events(station: string): Promise<{ type: string; body: Record<string, unknown> }[]> {
    return (await waitingEvents(this.database, { station })).map(({ type, body }) => ({ type, body }));
  }
}
