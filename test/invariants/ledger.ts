import type { Acknowledged, Payload } from '@ohmnibus/simulator';
import type { Stored, StoredSample } from './stored.js';

/** What one station was told is stored. */
export interface Ledger {
  readonly station: string;
  readonly facts: readonly Pick<Acknowledged, 'action' | 'payload' | 'result'>[];
}

type Fact = Ledger['facts'][number];
type MeterValue = { readonly timestamp: string; readonly sampledValue: readonly unknown[] };

/** Says of each acknowledged fact that is neither a row nor in quarantine that it is lost. */
export function lostFacts(ledgers: readonly Ledger[], stored: Stored): string[] {
  return ledgers.flatMap(({ station, facts }) =>
    facts
      .filter((fact) => !isKept(station, fact, facts, stored))
      .map((fact) => `lost: ${station} was told that ${fact.action} ${JSON.stringify(fact.payload)} is stored (${JSON.stringify(fact.result)})`),
  );
}

/** Says of each start that was given more than one number. */
export function startsWithTwoNumbers(ledgers: readonly Ledger[], stored: Stored): string[] {
  return ledgers.flatMap(({ station, facts }) => {
    const numbers = new Map<string, Set<number>>();
    for (const { action, payload, result } of facts) {
      // Two charges that a clock that stands still gave the same name are flagged as such.
      const number = Number(result['transactionId']);
      if (action !== 'StartTransaction' || stored.transaction(station, number)?.flags.includes('repeated-key')) continue;
      const start = JSON.stringify(payload);
      numbers.set(start, (numbers.get(start) ?? new Set()).add(number));
    }
    return [...numbers].filter(([, given]) => given.size > 1).map(([start, given]) => `twice: ${station} got the numbers ${[...given].join(', ')} for one start ${start}`);
  });
}

function isKept(station: string, { action, payload, result }: Fact, facts: readonly Fact[], stored: Stored): boolean {
  switch (action) {
    case 'StartTransaction':
      return isStartKept(station, payload, Number(result['transactionId']), stored);
    case 'StopTransaction':
      return isStopKept(station, payload, facts, stored);
    case 'MeterValues':
      return areReadingsKept(station, payload, stored);
    case 'TransactionEvent':
      return isEventKept(station, payload, stored);
    default:
      throw new Error(`the ledger of ${station} holds a ${action}, which is no fact of a transaction`);
  }
}

function isStartKept(station: string, payload: Payload, number: number, stored: Stored): boolean {
  const at = timeOf(payload['timestamp']);
  const row = stored.transaction(station, number);
  if (!row) return stored.isQuarantined(station, 'recordTransaction', ({ report }) => timeOf(report.at) === at && report.kind === 'started');
  const sampled = stored.samplesAt(station, at).some((sample) => sample.transaction === number && sample.register_wh === payload['meterStart']);
  return sampled && row.started_at?.getTime() === at && row.start_wh === payload['meterStart'] && row.evse === payload['connectorId'] && row.token === payload['idTag'];
}

/** The first end of a transaction stands, so a later one need not be the stored one; but one of the acknowledged must be. */
function isStopKept(station: string, payload: Payload, facts: readonly Fact[], stored: Stored): boolean {
  const number = Number(payload['transactionId']);
  const row = stored.transaction(station, number);
  if (!row) {
    const at = timeOf(payload['timestamp']);
    return stored.isQuarantined(station, 'recordTransaction', ({ report }) => timeOf(report.at) === at && report.transaction?.number === number);
  }
  const ends = facts.filter(({ action, payload: other }) => action === 'StopTransaction' && other['transactionId'] === number);
  return ends.some(({ payload: end }) => {
    const at = timeOf(end['timestamp']);
    const isEnd = row.end_kind === 'reported' && row.ended_at?.getTime() === at && row.end_wh === end['meterStop'];
    const readings = [...meterValuesOf(end['transactionData']), { timestamp: String(end['timestamp']), sampledValue: ['meterStop'] }];
    return isEnd && stored.samplesAt(station, timeOf(readings[0]!.timestamp)).some((sample) => sample.transaction === number && holds(sample, readings));
  });
}

function areReadingsKept(station: string, payload: Payload, stored: Stored): boolean {
  const readings = meterValuesOf(payload['meterValue'] ?? payload['values']);
  const first = timeOf(readings[0]?.timestamp);
  const said = payload['transactionId'] as number | undefined;
  const known = said !== undefined && stored.transaction(station, said) !== undefined;
  const evse = payload['connectorId'] ?? payload['evseId'];
  const isStored = stored.samplesAt(station, first).some((sample) => sample.evse === evse && sample.transaction === (known ? said : 0) && holds(sample, readings));
  const isQuarantined = () =>
    stored.isQuarantined(
      station,
      'recordSamples',
      ({ report }) => timeOf(report.samples?.[0]?.at) === first && report.evse?.evse === evse && report.transaction?.number === said,
    );
  // What names a transaction that is not the station's own waits for somebody to look at it.
  return isQuarantined() || (isStored && (said === undefined || known));
}

function isEventKept(station: string, payload: Payload, stored: Stored): boolean {
  const { transactionId } = payload['transactionInfo'] as { transactionId: string };
  const at = timeOf(payload['timestamp']);
  const kind = String(payload['eventType']).toLowerCase();
  const event = stored.event(station, transactionId, Number(payload['seqNo']));
  const row = stored.transactionOfKey(station, transactionId);
  if (!event || !row) return stored.isQuarantined(station, 'recordTransaction', ({ report }) => timeOf(report.at) === at && report.transaction?.key === transactionId);
  if (event.at.getTime() !== at || event.kind !== kind) return false;
  if (kind === 'started' && row.started_at?.getTime() !== at) return false;
  if (kind === 'ended' && (row.end_kind !== 'reported' || row.ended_at?.getTime() !== at)) return false;
  const readings = meterValuesOf(payload['meterValue']);
  const first = readings[0];
  return !first || stored.samplesAt(station, timeOf(first.timestamp)).some((sample) => sample.transaction === row.number && holds(sample, readings));
}

/** The row has every reading, each with all its values. */
function holds({ samples }: StoredSample, readings: readonly MeterValue[]): boolean {
  return (
    samples.length === readings.length &&
    samples.every(({ at, values }, i) => timeOf(at) === timeOf(readings[i]!.timestamp) && values.length === readings[i]!.sampledValue.length)
  );
}

/** As 1.6 and 2.x write them; 1.5 has other names, and in StopTransaction one list more. */
type Written = MeterValue | { readonly timestamp: string; readonly value: readonly unknown[] } | { readonly values: readonly Written[] };

function meterValuesOf(value: unknown): readonly MeterValue[] {
  return ((value as readonly Written[] | undefined) ?? []).flatMap((written): readonly MeterValue[] => {
    if ('values' in written) return meterValuesOf(written.values);
    return ['value' in written ? { timestamp: written.timestamp, sampledValue: written.value } : written];
  });
}

function timeOf(text: unknown): number {
  return new Date(String(text)).getTime();
}
