/** uWebSockets.js and a bare handler: a frame is parsed and answered, nothing is checked or kept. */
import { App, us_socket_local_port, type WebSocket } from 'uWebSockets.js';
import { serveParent } from '../process/serve-parent.js';
import { askInFlight } from './ask-in-flight.js';
import { cannedReply } from './canned-reply.js';
import type { StationCallerApi } from './server-api.js';

interface UserData {
  asked: Map<string, (payload: { status?: unknown }) => void>;
}

const sockets = new Set<WebSocket<UserData>>();
let numbers = 0;
let asked = 0;

const app = App().ws<UserData>('/*', {
  idleTimeout: 120,
  sendPingsAutomatically: true,
  upgrade: (res, req, context) =>
    res.upgrade({ asked: new Map() }, req.getHeader('sec-websocket-key'), req.getHeader('sec-websocket-protocol'), req.getHeader('sec-websocket-extensions'), context),
  open: (ws) => void sockets.add(ws),
  close: (ws) => void sockets.delete(ws),
  message: (ws, message) => {
    const [type, id, action] = JSON.parse(Buffer.from(message).toString()) as [number, string, unknown];
    if (type === 2) ws.send(JSON.stringify([3, id, cannedReply(String(action), () => ++numbers)]));
    else ws.getUserData().asked.get(id)?.(action as { status?: unknown });
  },
});

function call(ws: WebSocket<UserData>): Promise<void> {
  return new Promise((resolve, reject) => {
    const id = String(++asked);
    const { asked: waiting } = ws.getUserData();
    waiting.set(id, ({ status }) => {
      waiting.delete(id);
      if (status === 'Accepted') resolve();
      else reject(new Error(`answered ${String(status)}`));
    });
    ws.send(JSON.stringify([2, id, 'ClearCache', {}]));
  });
}

serveParent<StationCallerApi>({
  listen: () =>
    new Promise((resolve, reject) => {
      app.listen('127.0.0.1', 0, (socket) => (socket ? resolve(us_socket_local_port(socket)) : reject(new Error('cannot listen'))));
    }),
  callStations: (options) => askInFlight([...sockets], options, call),
});
