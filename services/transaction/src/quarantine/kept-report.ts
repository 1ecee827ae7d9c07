import { Fault, protocolVersions, type Origin, type Sample, type SampleReport, type TransactionReport, type WrittenSamples } from '@ohmnibus/domain';
import { z } from 'zod';

const time = z.iso.datetime().transform((text) => new Date(text));
const sample = z.object({ at: time, values: z.array(z.looseObject({})) });
const common = {
  origin: z.object({ tenant: z.string(), station: z.string(), protocol: z.enum(protocolVersions), epoch: z.number(), frame: z.number(), receivedAt: time }),
  samples: z.array(sample),
};
const named = z.union([z.object({ key: z.string() }), z.object({ number: z.number() })]);

const transactionReport = z.looseObject({ ...common, kind: z.enum(['started', 'updated', 'ended']), transaction: named, at: time });
const sampleReport = z.looseObject({ ...common, evse: z.object({ evse: z.number(), connector: z.number() }), transaction: named.optional() });

/** A report as the domain had understood it, of either operation that puts reports in quarantine. */
export type KeptReport =
  | { readonly operation: 'recordTransaction'; readonly report: TransactionReport }
  | { readonly operation: 'recordSamples'; readonly report: SampleReport };

/** Reads back what quarantine keeps as JSON. Throws `conflict` for what no operation of this release would take. */
export function readKeptReport(operation: string, report: unknown): KeptReport {
  const read = operation === 'recordTransaction' ? transactionReport.safeParse(report) : operation === 'recordSamples' ? sampleReport.safeParse(report) : undefined;
  if (!read?.success) throw new Fault('conflict', `a report of ${operation} that this release cannot read`);
  return { operation, report: read.data } as unknown as KeptReport;
}

/** Where and with what the report came, and its readings. */
export interface Readings {
  readonly origin: Origin;
  readonly evse: number;
  readonly samples: readonly Sample[] | WrittenSamples;
  /** 2.x events tell repetitions of their readings by it. */
  readonly sequence: number | undefined;
}

export function readingsOf({ operation, report }: KeptReport): Readings {
  return { origin: report.origin, evse: report.evse?.evse ?? 0, samples: report.samples, sequence: operation === 'recordTransaction' ? report.sequence : undefined };
}
