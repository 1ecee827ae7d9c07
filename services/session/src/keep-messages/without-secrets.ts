import type { LoggedExchange } from '@ohmnibus/contracts';
import { frameWithoutSecrets, mayHoldSecrets } from '@ohmnibus/ocpp';

/** Exchanges as they may be kept: with passwords and the like blanked out. Nothing is read of those that cannot hold any. */
export function withoutSecrets(exchanges: readonly LoggedExchange[]): readonly LoggedExchange[] {
  return exchanges.some(({ action }) => mayHoldSecrets(action)) ? exchanges.map(blanked) : exchanges;
}

function blanked(exchange: LoggedExchange): LoggedExchange {
  const { action, request, answer } = exchange;
  if (!mayHoldSecrets(action)) return exchange;
  return { ...exchange, request: frameWithoutSecrets(action, request), answer: answer && frameWithoutSecrets(action, answer) };
}
