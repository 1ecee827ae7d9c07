import type { ProtocolVersion, StationRef } from '@ohmnibus/domain';

/** A station's socket on a gateway pod. */
export interface Socket extends StationRef {
  /** The pod's incarnation: another one after each restart. */
  pod: string;
  /** Unique within the pod. */
  connection: number;
  /** When the pod accepted it, in ms on Redis's clock. */
  acceptedAt: number;
}

/** What others may want to know of an owner; it decides nothing. */
export interface OwnerDetails {
  protocol: ProtocolVersion;
  remoteAddress: string;
  /** Since when the socket is up, in ms. */
  since: number;
}

/** The socket that owns a station. Epochs order a station's owners; they are below 2^53. */
export interface Owner extends Socket, OwnerDetails {
  epoch: number;
}

/** The owner that a claim took a station from. */
export interface PreviousOwner {
  pod: string;
  connection: number;
  epoch: number;
}

/** The key of a station's hash. Ids may hold any character; the tenant's length tells where it ends. */
export function stationKey({ tenant, station }: StationRef): string {
  return `station:${tenant.length}:${tenant}:${station}`;
}

/** The key that says that a pod lives. */
export function podKey(pod: string): string {
  return `pod:${pod}`;
}

/** A socket's name in the store. */
export function holderOf(socket: { pod: string; connection: number }): string {
  return `${socket.connection} ${socket.pod}`;
}

/** The inverse of `holderOf`. */
export function parseHolder(holder: string): { pod: string; connection: number } {
  const end = holder.indexOf(' ');
  return { connection: Number(holder.slice(0, end)), pod: holder.slice(end + 1) };
}

/** What a script says of the owner before, if it names one. */
export function previousOwner(holder: string, epoch: number): PreviousOwner | undefined {
  return holder === '' ? undefined : { ...parseHolder(holder), epoch };
}

export function detailsOf({ protocol, remoteAddress, since }: OwnerDetails): string {
  return JSON.stringify({ protocol, remoteAddress, since });
}

/** The fields of a station's hash that `parseOwner` takes, in its order. */
export const ownerFields = ['epoch', 'acceptedAt', 'details', 'owner'] as const;

/** What Redis says of one station. */
export type OwnerFields = readonly (string | null)[] | false;

/** Reads the owner from its fields; undefined if nobody owns the station. */
export function parseOwner({ tenant, station }: StationRef, fields: OwnerFields): Owner | undefined {
  if (!fields) return undefined;
  const [epoch, acceptedAt, details, holder] = fields;
  if (!holder || !details) return undefined;
  const { pod, connection } = parseHolder(holder);
  const { protocol, remoteAddress, since } = JSON.parse(details) as OwnerDetails;
  return { tenant, station, pod, connection, epoch: Number(epoch), acceptedAt: Number(acceptedAt), protocol, remoteAddress, since };
}
