/** An internal service that has stations do something, the documented way: a JSON request over NATS. */
import { serveParent } from '../process/serve-parent.js';
import { askInFlight } from './ask-in-flight.js';
import { LeanNats } from './lean-nats.js';
import type { CommandAskerApi } from './server-api.js';

let nats: LeanNats;

async function send(station: string): Promise<void> {
  const { failed, text } = await nats.ask('csms.command.send', JSON.stringify({ station, action: 'ClearCache', payload: {}, requestedBy: 'bench' }));
  if (failed || (JSON.parse(text) as { state?: unknown }).state !== 'accepted') throw new Error(`answered ${text}`);
}

serveParent<CommandAskerApi>({
  connect: async ({ natsUrl }) => {
    nats = await LeanNats.connect(natsUrl);
  },
  ask: ({ stations, ...options }) => askInFlight(stations, options, send),
});
