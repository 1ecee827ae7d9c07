/** What a connection needs of a WebSocket; the one place that would change with another server. */
export interface StationSocket {
  /** Writes one text frame. False: the peer does not read and the socket is being closed. */
  send(text: string): boolean;
  /** Closes with a WebSocket status code. */
  end(code: number, reason: string): void;
}

/** What a server tells of a socket. Nothing comes after `closed`. */
export interface SocketEvents {
  frame(bytes: Buffer): void;
  closed(code: number): void;
}

/** WebSocket status codes that this gateway closes with. */
export const closeCodes = {
  normal: 1000,
  policy: 1008,
  tooLarge: 1009,
  restart: 1012,
  tryLater: 1013,
} as const;
