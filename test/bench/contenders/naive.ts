import pg from 'pg';
import { sumOf } from '../load-client/tally.js';
import { startRemote } from '../process/remote.js';
import type { NaiveServiceApi, StationServerApi } from '../servers/server-api.js';
import type { BenchBacking } from './bench-backing.js';
import { startLoadClient, type Contender } from './contender.js';

/** As many commits at once as Postgres gains from. */
const poolSize = 32;

/** A request over NATS and a commit for every frame. */
export async function startNaive(backing: BenchBacking): Promise<Contender> {
  const { natsUrl } = backing;
  const databaseUrl = await backing.freshDatabase({ migrated: false });
  const service = startRemote<NaiveServiceApi>(new URL('../servers/naive-service.js', import.meta.url));
  await service.call('serve', { natsUrl, databaseUrl, poolSize });
  const gateway = startRemote<StationServerApi>(new URL('../servers/naive-gateway.js', import.meta.url));
  const client = await startLoadClient(await gateway.call('listen', { natsUrl }));
  const { postgres = 0, nats = 0 } = backing.processes;
  const database = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  return {
    name: 'naive',
    client,
    processes: { gateway: gateway.pid, service: service.pid, postgres, nats },
    settle: () => Promise.resolve(),
    problems: async (tally) => {
      const { rows } = await database.query<{ rows: string; ids: string }>('SELECT count(*) AS rows, coalesce(sum(message_id::bigint), 0) AS ids FROM frame');
      const promised = sumOf(tally);
      const stored = { count: Number(rows[0]!.rows), ids: Number(rows[0]!.ids) };
      return stored.count === promised.count && stored.ids === promised.ids ? [] : [`frame has ${JSON.stringify(stored)}, answered were ${JSON.stringify(promised)}`];
    },
    stop: async () => {
      await client.stop();
      await gateway.stop();
      await database.end();
      await service.stop();
    },
  };
}
