import { booleanArray, float8Array, int4Array, int8Array, oneRow, textArray, timestamptzArray } from '@ohmnibus/database';
import { tokenKey, type AuthorizationStatus, type TransactionReport } from '@ohmnibus/domain';
import type { SampleRow } from '../record-samples/sample-row.js';

/** A report that names its transaction by key, with the verdict on its token. */
export interface KeyedReport {
  readonly report: TransactionReport;
  readonly key: string;
  readonly verdict: AuthorizationStatus | undefined;
  /** Flags of the report and those that we add. */
  readonly flags: readonly string[];
}

/** A row of a batch. */
export interface KeyedRow extends KeyedReport {
  readonly samples: SampleRow | undefined;
  /** The key as the station made it, and which of its charges this is. */
  readonly stationKey: string;
  readonly charge: number;
}

/** What the domain event says besides the ids, which are known only to the statement: the rest of a JSON object. */
function eventOf({ report, verdict, samples }: KeyedRow): string {
  const { evse, connector } = report.evse ?? {};
  const { trigger, chargingState, stopReason, sequence, at } = report;
  const event = { evse, connector, token: report.token?.value, authorization: verdict, at, registerWh: samples?.registerWh, chargingState, trigger, stopReason, sequence };
  return `,${JSON.stringify(event).slice(1)}`;
}

/** Its place, token and verdict, what it refers to, when it was and when it came, and the register. */
function factsOf(rows: readonly KeyedRow[]): Buffer[] {
  return [
    int4Array(rows, ({ report }) => report.evse?.evse),
    int4Array(rows, ({ report }) => report.evse?.connector),
    textArray(rows, ({ report }) => report.token?.value),
    textArray(rows, ({ report }) => report.token && tokenKey(report.token.value)),
    textArray(rows, ({ report }) => report.token?.kind),
    textArray(rows, ({ verdict }) => verdict),
    int4Array(rows, ({ report }) => report.remoteStartId),
    int4Array(rows, ({ report }) => report.reservationId),
    timestamptzArray(rows, ({ report }) => report.at),
    timestamptzArray(rows, ({ report }) => report.origin.receivedAt),
    int8Array(rows, ({ report }) => report.origin.epoch),
    int8Array(rows, ({ report }) => report.origin.frame),
    float8Array(rows, ({ samples }) => samples?.registerWh),
  ];
}

/** What both statements end with: flags, samples and the event. */
function consequencesOf(rows: readonly KeyedRow[]): Buffer[] {
  return [
    textArray(rows, ({ flags }) => flags.join(',')),
    textArray(rows, ({ samples }) => samples?.samples),
    int8Array(rows, ({ samples }) => samples?.digest),
    timestamptzArray(rows, ({ samples }) => samples?.at),
    textArray(rows, eventOf),
    oneRow,
  ];
}

/** Of `beginTransactions`. */
export function startParameters(rows: readonly KeyedRow[]): Buffer[] {
  return [
    textArray(rows, ({ report }) => report.origin.tenant),
    textArray(rows, ({ report }) => report.origin.station),
    textArray(rows, ({ key }) => key),
    textArray(rows, ({ report }) => report.origin.protocol),
    ...factsOf(rows),
    ...consequencesOf(rows),
  ];
}

/** Of `applyEvents`. */
export function eventParameters(rows: readonly KeyedRow[]): Buffer[] {
  return [
    textArray(rows, ({ report }) => report.origin.tenant),
    textArray(rows, ({ report }) => report.origin.station),
    textArray(rows, ({ key }) => key),
    // Where the station chose the id it is on the wire; 1.6 is told our number.
    textArray(rows, ({ report, key }) => (report.sequence === undefined ? undefined : key)),
    textArray(rows, ({ report }) => report.origin.protocol),
    textArray(rows, ({ report }) => report.kind),
    ...factsOf(rows),
    int4Array(rows, ({ report }) => report.sequence),
    textArray(rows, ({ report }) => report.trigger),
    textArray(rows, ({ report }) => report.chargingState),
    booleanArray(rows, ({ report }) => report.offline ?? false),
    textArray(rows, ({ report }) => report.stopReason),
    ...consequencesOf(rows),
  ];
}
