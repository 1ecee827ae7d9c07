/** The library that most OCPP servers in this language are made with, as bare as it gets: no validation, nothing kept. */
import type { AddressInfo } from 'node:net';
import { RPCServer } from 'ocpp-rpc';
import { serveParent } from '../process/serve-parent.js';
import { cannedReply } from './canned-reply.js';
import type { StationServerApi } from './server-api.js';

const server = new RPCServer({ protocols: ['ocpp1.6'], strictMode: false });
let numbers = 0;

server.auth((accept) => accept());
server.on('client', (client: { handle(handler: (call: { method: string }) => unknown): void }) => {
  client.handle(({ method }) => cannedReply(method, () => ++numbers));
});

serveParent<StationServerApi>({
  listen: async () => ((await server.listen(0, '127.0.0.1')).address() as AddressInfo).port,
});
