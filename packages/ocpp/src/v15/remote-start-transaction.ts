import { remoteStartTransaction as v16 } from '../v16/remote-start-transaction.js';
import { toStation } from './dialect.js';

/** 1.5 knows no charging profiles: a charge that has to obey one cannot be asked for. */
export const remoteStartTransaction = {
  ...toStation('RemoteStartTransaction', v16, { request: ({ idTag, connectorId }) => ({ idTag, connectorId }) }),
  fits: (start: unknown) => (start as { readonly profile?: object }).profile === undefined,
};
