import type { Reply as V16Reply, Request as V16Request } from '../v16/dialect.js';
import type { Action } from './schemas.js';

type V16Sample = V16Request<'MeterValues'>['meterValue'][number]['sampledValue'][number];

/** One value, as in 1.6 but for two units. */
export type Sample = Omit<V16Sample, 'unit'> & { unit?: V16Sample['unit'] | 'Amp' | 'Volt' };

/** What was measured at one moment, in one of two spellings. */
export interface MeterValue {
  timestamp: string;
  value?: Sample[];
  values?: Sample[];
}

interface ChangedRequests {
  MeterValues: { connectorId: number; transactionId?: number; values?: MeterValue[] };
  RemoteStartTransaction: { connectorId?: number; idTag: string };
  SendLocalList: Omit<V16Request<'SendLocalList'>, 'localAuthorizationList'> & {
    localAuthorisationList?: V16Request<'SendLocalList'>['localAuthorizationList'];
    hash?: string;
  };
  StatusNotification: Omit<V16Request<'StatusNotification'>, 'status' | 'errorCode'> & {
    status: V16Request<'StatusNotification'>['status'] | 'Occupied';
    errorCode: V16Request<'StatusNotification'>['errorCode'] | 'Mode3Error';
  };
  StopTransaction: Omit<V16Request<'StopTransaction'>, 'transactionData'> & { transactionData?: { values?: MeterValue[] }[] };
}

interface ChangedReplies {
  BootNotification: { status: 'Accepted' | 'Rejected'; currentTime: string; heartbeatInterval: number };
  SendLocalList: { status: V16Reply<'SendLocalList'>['status'] | 'HashError'; hash?: string };
  UnlockConnector: { status: V16Reply<'UnlockConnector'>['status'] | 'Accepted' | 'Rejected' };
}

/** The payloads of 1.5: those of 1.6, save for what is changed. */
export type Request<A extends Action> = A extends keyof ChangedRequests ? ChangedRequests[A] : V16Request<A>;
export type Reply<A extends Action> = A extends keyof ChangedReplies ? ChangedReplies[A] : V16Reply<A>;
