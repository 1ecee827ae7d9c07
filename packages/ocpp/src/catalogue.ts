import { registerStation, startCharging, stopCharging, tellTime, type Ask, type ProtocolVersion, type StationService } from '@ohmnibus/domain';
import type { FromStation, ToStation } from './message.js';
import { v15 } from './v15/index.js';
import { v16 } from './v16/index.js';
import { v201 } from './v201/index.js';

/** One protocol version: what it is called on the wire, what it knows, and what of it is served. */
export interface Version {
  readonly name: ProtocolVersion;
  /** In the WebSocket handshake. */
  readonly subprotocol: string;
  /** Whether permessage-deflate is offered (required of a 2.x CSMS). */
  readonly compresses: boolean;
  /** Every action of the standard, served or not. */
  readonly actions: ReadonlySet<string>;
  readonly fromStation: readonly FromStation[];
  readonly toStation: readonly ToStation[];
  /** The names of the configuration variables by which a station tells what it can take. */
  readonly limits: {
    /** Keys that may be read at once. */
    readonly keysPerRead?: string;
    /** Lines of its local list: in one message, and altogether; and whether it heeds the list. */
    readonly localList?: { readonly perMessage: string; readonly capacity: string; readonly enabled: string };
  };
  /** Characters of the longest token that a message has room for. */
  readonly longestToken: number;
}

export const versions: Record<ProtocolVersion, Version> = { v15, v16, v201 };

const inbound = index((version) => version.fromStation);
const outbound = index((version) => version.toStation);

function index<M extends { action: string }>(list: (version: Version) => readonly M[]): Record<ProtocolVersion, Map<string, M>> {
  const byAction = (version: Version) => new Map(list(version).map((message) => [message.action, message]));
  return { v15: byAction(v15), v16: byAction(v16), v201: byAction(v201) };
}

/** The translation of an action that stations of this version send, if it is served. */
export function messageFromStation(version: ProtocolVersion, action: string): FromStation | undefined {
  return inbound[version].get(action);
}

/** The translation of an action that we send to stations of this version, if there is one. */
export function messageToStation(version: ProtocolVersion, action: string): ToStation | undefined {
  return outbound[version].get(action);
}

/** The message by which stations of this version are asked for this; undefined where the version has no equivalent. */
export function messageFor<Input>(version: ProtocolVersion, ask: Ask<Input>, input: Input): ToStation | undefined {
  return versions[version].toStation.find((message) => message.ask.name === ask.name && message.fits(input));
}

/** Where a CALL goes: to a service, or back as a fault because nobody serves it. */
export function route(version: ProtocolVersion, action: string): StationService | 'unknown-action' | 'unsupported-action' {
  const message = inbound[version].get(action);
  if (message) return message.operation.service;
  return versions[version].actions.has(action) ? 'unsupported-action' : 'unknown-action';
}

/** Whether this is the message by which a station asks to be accepted: the only one that is served before it is. */
export function asksForAcceptance(version: ProtocolVersion, action: string): boolean {
  return inbound[version].get(action)?.operation.name === registerStation.name;
}

const nothingSaid = Buffer.from('{}');

/** The reply to a station that asks what time it is and says nothing else; undefined where a service has to look at the CALL. */
export function timeReply(version: ProtocolVersion, action: string, payload: Buffer, at: Date): string | undefined {
  if (payload.length !== nothingSaid.length || !payload.equals(nothingSaid)) return undefined;
  const message = inbound[version].get(action);
  return message?.operation.name === tellTime.name ? JSON.stringify(message.toReply({ at }, {})) : undefined;
}

/** Whether a station that is pending may be asked for this: anything but a charge. */
export function allowedWhilePending(version: ProtocolVersion, action: string): boolean {
  const name = outbound[version].get(action)?.ask.name;
  return name !== startCharging.name && name !== stopCharging.name;
}

const bySubprotocol = new Map(Object.values(versions).map((version) => [version.subprotocol, version]));

/**
 * The version that a connection will speak: the first of the client's list, which is in its order of preference, that is served.
 * @param offered the value of Sec-WebSocket-Protocol
 */
export function negotiate(offered: string): Version | undefined {
  for (const name of offered.split(',')) {
    const version = bySubprotocol.get(name.trim());
    if (version) return version;
  }
  return undefined;
}
