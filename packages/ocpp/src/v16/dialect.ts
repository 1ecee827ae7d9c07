import type { OCPP16 } from 'typed-ocpp';
import * as schemas from 'typed-ocpp/dist/ocpp16/schemas.js';
import { dialect } from '../dialect.js';

type Call = OCPP16.Call;
type Requests = { [C in Call as `${C[2]}`]: C[3] };
type Replies = { [C in Call as `${C[2]}`]: OCPP16.CheckedCallResult<C>[2] };
export type Request<A extends keyof Requests> = Requests[A];
export type Reply<A extends keyof Replies> = Replies[A];

/** OCPP 1.6, by the types and schemas of the standard; the inner objects of its first schemas were open, and stations were certified by those. */
export const { actions, fromStation, toStation } = dialect<Requests, Replies>('v16', schemas, { openInside: true });
