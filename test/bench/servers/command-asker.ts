/** An internal service that has stations do something, the documented way: a JSON request over NATS. */
import { connect, JSONCodec, type NatsConnection } from 'nats';
import { serveParent } from '../process/serve-parent.js';
import { askInFlight } from './ask-in-flight.js';
import type { CommandAskerApi } from './server-api.js';

const json = JSONCodec<Record<string, unknown>>();
let nats: NatsConnection;

async function send(station: string): Promise<void> {
  const reply = await nats.request('csms.command.send', json.encode({ station, action: 'ClearCache', payload: {}, requestedBy: 'bench' }), { timeout: 30_000 });
  const answer = json.decode(reply.data);
  if (answer['state'] !== 'accepted') throw new Error(`answered ${JSON.stringify(answer)}`);
}

serveParent<CommandAskerApi>({
  connect: async ({ natsUrl }) => {
    nats = await connect({ servers: natsUrl });
  },
  ask: ({ stations, ...options }) => askInFlight(stations, options, send),
});
