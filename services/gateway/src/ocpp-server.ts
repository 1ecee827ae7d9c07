import './header-limit.js';
import { App, us_listen_socket_close, us_socket_local_port, type HttpRequest, type HttpResponse, type TemplatedApp, type us_listen_socket, type us_socket_context_t, type WebSocket } from 'uWebSockets.js';
import { isRefusal, readHandshake, type Arrival, type Entry, type Handshake, type Refusal } from './handshake.js';
import { listen, type Address } from './listen.js';
import { closeCodes, type SocketEvents, type StationSocket } from './station-socket.js';
import { TlsListener, type TlsOptions } from './tls-listener.js';
import { readTransport, type CertificateHeaders, type TrustedProxies } from './transport.js';

export interface OcppServerOptions {
  readonly address: Address;
  readonly idleSeconds: number;
  readonly frameLimitBytes: number;
  /** Absent: no TLS here. */
  readonly tls?: Omit<TlsOptions, 'address' | 'serve'> & { readonly port: number } | undefined;
  readonly proxies: TrustedProxies;
  readonly certificateHeaders: CertificateHeaders;
  /** Decides about an upgrade. */
  readonly admit: (arrival: Arrival) => Promise<Refusal | Entry>;
  /** @param handshake if it could be read */
  readonly refused: (refusal: Refusal, path: string, remoteAddress: string, handshake: Handshake | undefined) => void;
  /** A socket is open. */
  readonly accept: (arrival: Arrival, entry: Entry, socket: StationSocket) => SocketEvents;
}

interface UserData {
  socket: OpenSocket | undefined;
  events: SocketEvents | undefined;
}

/** The library's socket must not be touched after its close: from then on there is none. */
class OpenSocket implements StationSocket {
  constructor(public ws: WebSocket<UserData> | undefined) {}

  send(text: string): boolean {
    return this.ws !== undefined && this.ws.send(text) !== dropped;
  }

  end(code: number, reason: string): void {
    this.ws?.end(code, reason);
  }
}

const statusLines = { 400: '400 Bad Request', 401: '401 Unauthorized', 403: '403 Forbidden', 404: '404 Not Found', 503: '503 Service Unavailable' } as const;
/** The library closes abruptly beyond its own limit; below it we close with 1009, as a station can understand. */
const hardLimitFactor = 16;
/** permessage-deflate with one window for all sockets, in each direction (the library's flags): 2.x asks for it, and it costs no memory per socket. */
const sharedDeflate = 1 | 256;
const maxBackpressureBytes = 1_048_576;
/** The only key of `opened`. */
const upgraded = Symbol('upgraded');
/** What the library's send answers when it gave up for backpressure. */
const dropped = 2;

/** The WebSocket server that stations connect to: uWebSockets.js, and nothing of OCPP beyond the handshake. */
export class OcppServer {
  private listening: us_listen_socket | undefined;
  /** The socket that is being upgraded; the library puts it here. */
  private readonly opened = new Map<typeof upgraded, WebSocket<UserData> | undefined>([[upgraded, undefined]]);
  private readonly app = App();
  private readonly tls: TlsListener | undefined;

  constructor(private readonly options: OcppServerOptions) {
    this.serve(this.app, false);
    this.tls = options.tls && new TlsListener({ ...options.tls, address: { ...options.address, port: options.tls.port }, serve: (app) => this.serve(app, true) });
  }

  /** Resolves with the port of the listener without TLS. */
  async listen(): Promise<number> {
    await this.tls?.listen();
    this.listening = await listen(this.app, this.options.address);
    return us_socket_local_port(this.listening);
  }

  /** Looks whether the server certificate has changed. */
  async reloadCertificate(): Promise<void> {
    await this.tls?.reload();
  }

  /** Undefined without TLS. */
  get certificateExpiresAt(): Date | undefined {
    return this.tls?.expiresAt;
  }

  /** Takes no new connections; those that are open stay. */
  stopListening(): void {
    if (this.listening) us_listen_socket_close(this.listening);
    this.listening = undefined;
    this.tls?.stopListening();
  }

  /** Ends whatever is still open. */
  close(): void {
    this.stopListening();
    this.app.close();
    this.tls?.close();
  }

  private serve(app: TemplatedApp, secure: boolean): void {
    const { idleSeconds, frameLimitBytes } = this.options;
    // Nothing else, and no function of ours: see `upgrade`.
    const noteOpened: (ws: WebSocket<UserData>) => void = this.opened.set.bind(this.opened, upgraded);
    app
      .ws<UserData>('/*', {
        compression: sharedDeflate,
        idleTimeout: idleSeconds,
        sendPingsAutomatically: true,
        maxPayloadLength: frameLimitBytes * hardLimitFactor,
        maxBackpressure: maxBackpressureBytes,
        closeOnBackpressureLimit: true,
        upgrade: (res, req, context) => this.upgrade(res, req, context, secure),
        open: noteOpened,
        message: (ws, message) => this.message(ws, message),
        close: (ws, code) => this.closed(ws, code),
      })
      .any('/*', (res) => {
        if (secure) this.tls?.requested(addressOf(res));
        res.writeStatus(statusLines[404]).writeHeader('content-type', 'text/plain').end('This is an OCPP endpoint: connect with WebSocket to /ocpp/{station}.\n');
      });
  }

  private upgrade(res: HttpResponse, req: HttpRequest, context: us_socket_context_t, secure: boolean): void {
    // The request is gone after the first await: everything needed is copied now.
    let aborted = false;
    res.onAborted(() => {
      aborted = true;
    });
    const path = req.getUrl();
    const key = req.getHeader('sec-websocket-key');
    const extensions = req.getHeader('sec-websocket-extensions');
    const peer = addressOf(res);
    if (secure) this.tls?.requested(peer);
    const transport = readTransport({ secure, remoteAddress: peer }, (name) => req.getHeader(name), this.options.proxies, this.options.certificateHeaders);
    const handshake = readHandshake(path, { authorization: req.getHeader('authorization'), protocols: req.getHeader('sec-websocket-protocol') });
    const refuse = (refusal: Refusal) => {
      this.options.refused(refusal, path, isRefusal(transport) ? peer : transport.remoteAddress, isRefusal(handshake) ? undefined : handshake);
      if (!aborted) res.cork(() => answerRefusal(res, refusal));
    };
    if (isRefusal(transport)) return refuse(transport);
    if (isRefusal(handshake)) return refuse(handshake);
    const { tenant, station, version, username, password } = handshake;
    const { remoteAddress, secure: believed, certificate, hint } = transport;
    const arrival: Arrival = { tenant, station, version, username, password, remoteAddress, secure: believed, certificate, hint };
    void this.options.admit(arrival).then((entry) => {
      if (isRefusal(entry)) return refuse(entry);
      if (aborted) return;
      // A client that has offered no subprotocol must not be given one.
      const subprotocol = arrival.version ? entry.version.subprotocol : '';
      const { compresses } = entry.version;
      const data: UserData = { socket: undefined, events: undefined };
      // The library's cork looks at memory that it has freed after an upgrade, and by what it finds there may close the socket
      // (uWebSockets #1929). As long as nothing is allocated before it returns, that memory is as it was. So it calls no function of
      // JavaScript, only bound ones of the library and of V8: at the end of any of ours V8 may begin to compile it.
      res.cork((res.upgrade<UserData>).bind(res, data, key, subprotocol, compresses ? extensions : '', context));
      this.accept(arrival, entry);
    });
  }

  private accept(arrival: Arrival, entry: Entry): void {
    const ws = this.opened.get(upgraded);
    this.opened.set(upgraded, undefined);
    if (!ws) return;
    const data = ws.getUserData();
    data.socket = new OpenSocket(ws);
    data.events = this.options.accept(arrival, entry, data.socket);
  }

  private closed(ws: WebSocket<UserData>, code: number): void {
    if (this.opened.get(upgraded) === ws) this.opened.set(upgraded, undefined);
    const { socket, events } = ws.getUserData();
    if (socket) socket.ws = undefined;
    events?.closed(code);
  }

  private message(ws: WebSocket<UserData>, message: ArrayBuffer): void {
    if (message.byteLength > this.options.frameLimitBytes) return ws.end(closeCodes.tooLarge, `a frame has at most ${this.options.frameLimitBytes} bytes`);
    // A copy: the library takes its memory back when this returns.
    ws.getUserData().events?.frame(Buffer.from(Buffer.from(message)));
  }
}

function addressOf(res: HttpResponse): string {
  return Buffer.from(res.getRemoteAddressAsText()).toString();
}

function answerRefusal(res: HttpResponse, { status, reason }: Refusal): void {
  res.writeStatus(statusLines[status]).writeHeader('content-type', 'text/plain');
  if (status === 401) res.writeHeader('www-authenticate', 'Basic realm="OCPP"');
  if (status === 503) res.writeHeader('retry-after', String(5 + Math.floor(Math.random() * 25)));
  res.end(`${reason}\n`);
}
