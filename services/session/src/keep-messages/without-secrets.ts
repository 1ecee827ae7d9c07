import { packExchanges, readExchanges, writeExchange, Writer, type LoggedExchange, type Stretch } from '@ohmnibus/contracts';
import { frameWithoutSecrets, mayHoldSecrets } from '@ohmnibus/ocpp';

/** Stretches as they may be kept: with passwords and the like blanked out. Nothing is read of those that cannot hold any. */
export function withoutSecrets(stretches: readonly Stretch[]): readonly Stretch[] {
  return stretches.some(({ secrets }) => secrets) ? stretches.map((stretch) => (stretch.secrets ? blanked(stretch) : stretch)) : stretches;
}

function blanked(stretch: Stretch): Stretch {
  const writer = new Writer();
  for (const exchange of readExchanges(stretch)) writeExchange(writer, mayHoldSecrets(exchange.action) ? blankedExchange(exchange) : exchange);
  return { ...stretch, exchanges: packExchanges(writer.written) };
}

function blankedExchange(exchange: LoggedExchange): LoggedExchange {
  const { action, request, answer } = exchange;
  return { ...exchange, request: frameWithoutSecrets(action, request), answer: answer && frameWithoutSecrets(action, answer, request) };
}
