/** What a CALLERROR says. Returned or thrown by an `onCall` handler, it becomes the station's answer. */
export class CallError extends Error {
  constructor(
    readonly code: string,
    readonly description = '',
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(`${code}: ${description}`);
    this.name = new.target.name;
  }
}

/** The CSMS answered a CALL of the station with a CALLERROR. */
export class StationCallError extends CallError {
  constructor(
    readonly action: string,
    code: string,
    description: string,
    details: Readonly<Record<string, unknown>>,
  ) {
    super(code, description, details);
    this.message = `${action} was answered with ${code}: ${description}`;
  }
}

/** The CSMS did not answer a CALL in time. It may still have acted on it. */
export class CallTimeoutError extends Error {
  override readonly name = 'CallTimeoutError';
  constructor(
    readonly action: string,
    readonly timeoutMs: number,
  ) {
    super(`${action} was not answered within ${timeoutMs} ms`);
  }
}

/** There is no connection, or it was lost before the answer came. */
export class NotConnectedError extends Error {
  override readonly name = 'NotConnectedError';
}

/** The server answered the WebSocket upgrade with an HTTP status of its own. */
export class UpgradeRefusedError extends Error {
  override readonly name = 'UpgradeRefusedError';
  constructor(
    readonly url: string,
    readonly status: number,
  ) {
    super(`${url} refused the upgrade with HTTP ${status}`);
  }
}

/** No WebSocket came about: nobody listens, the network failed, or the subprotocol was not agreed. */
export class ConnectFailedError extends Error {
  override readonly name = 'ConnectFailedError';
  constructor(
    readonly url: string,
    cause: Error,
  ) {
    super(`cannot connect to ${url}: ${cause.message || String((cause as NodeJS.ErrnoException).code ?? cause)}`, { cause });
  }
}

/** The story does not fit the state of the EVSE, such as stopping a charge that never began. */
export class StoryError extends Error {
  override readonly name = 'StoryError';
}
