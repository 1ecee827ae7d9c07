/** The first half of what one writes at first: every frame is parsed and becomes one request over NATS. */
import { connect, JSONCodec, type NatsConnection } from 'nats';
import { App, us_socket_local_port } from 'uWebSockets.js';
import { serveParent } from '../process/serve-parent.js';
import { naiveSubject, type NaiveAnswer, type NaiveQuestion } from './naive-question.js';
import type { StationServerApi } from './server-api.js';

interface UserData {
  readonly station: string;
  open: boolean;
}

const questions = JSONCodec<NaiveQuestion>();
const answers = JSONCodec<NaiveAnswer>();
let nats: NatsConnection;

const app = App().ws<UserData>('/*', {
  idleTimeout: 120,
  sendPingsAutomatically: true,
  upgrade: (res, req, context) => {
    const data = { station: req.getUrl().slice('/ocpp/'.length), open: true };
    res.upgrade(data, req.getHeader('sec-websocket-key'), req.getHeader('sec-websocket-protocol'), req.getHeader('sec-websocket-extensions'), context);
  },
  close: (ws) => {
    ws.getUserData().open = false;
  },
  message: (ws, message) => {
    const [, messageId, action, payload] = JSON.parse(Buffer.from(message).toString()) as [number, string, string, unknown];
    const data = ws.getUserData();
    nats.request(naiveSubject, questions.encode({ station: data.station, messageId, action, payload }), { timeout: 30_000 }).then(
      (reply) => {
        if (data.open) ws.send(JSON.stringify([3, messageId, answers.decode(reply.data).payload]));
      },
      (error: unknown) => {
        if (data.open) ws.send(JSON.stringify([4, messageId, 'InternalError', String(error), {}]));
      },
    );
  },
});

serveParent<StationServerApi>({
  listen: async ({ natsUrl }) => {
    nats = await connect({ servers: natsUrl });
    return new Promise((resolve, reject) => {
      app.listen('127.0.0.1', 0, (socket) => (socket ? resolve(us_socket_local_port(socket)) : reject(new Error('cannot listen'))));
    });
  },
});
