import type { TemplatedApp, us_listen_socket } from 'uWebSockets.js';

/** Where stations are taken. */
export interface Address {
  readonly host: string;
  readonly port: number;
  /** Other listeners may have the port too, also those of other processes; the kernel then shares out the connections. Otherwise a port is ours alone. */
  readonly shared: boolean;
}

declare module 'uWebSockets.js' {
  interface TemplatedApp {
    /** The library's types leave this one out. */
    listen(host: string, port: number, options: number, done: (socket: us_listen_socket | false) => void): TemplatedApp;
  }
}

/** The library's LIBUS_LISTEN_DEFAULT and LIBUS_LISTEN_EXCLUSIVE_PORT. By default it shares ports. */
const sharedPort = 0;
const exclusivePort = 1;

/** Throws if the port cannot be had. */
export function listen(app: TemplatedApp, { host, port, shared }: Address): Promise<us_listen_socket> {
  return new Promise((resolve, reject) => {
    app.listen(host, port, shared ? sharedPort : exclusivePort, (socket) => {
      if (socket) resolve(socket);
      else reject(new Error(`cannot listen on ${host}:${port}: the port is taken, or the address is none of this machine`));
    });
  });
}
