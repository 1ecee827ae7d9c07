import { asFault, type SampleReport } from '@ohmnibus/domain';
import type { Quarantine } from '../quarantine/quarantine.js';
import { sampleRow } from './sample-row.js';
import type { SampleStore } from './sample-store.js';

/**
 * Meter readings are stored whatever they say, and answered when they are. What names a transaction that this station does not have, and
 * what the database will not take, is kept in quarantine as well: an error would only make the station repeat it.
 */
export class RecordSamples {
  constructor(
    private readonly samples: Pick<SampleStore, 'add'>,
    private readonly quarantine: Pick<Quarantine, 'add'>,
  ) {}

  async run(report: SampleReport): Promise<Record<string, never>> {
    const row = sampleRow(report.samples);
    if (!row) return {};
    // Field by field: of what is spread the compiler makes a new shape each time.
    const { at, digest, registerWh, samples } = row;
    const transaction = report.transaction && 'number' in report.transaction ? report.transaction.number : undefined;
    try {
      const stored = await this.samples.add({ at, digest, registerWh, samples, origin: report.origin, evse: report.evse.evse, transaction });
      if (stored === 'unknown-transaction') await this.quarantine.add('recordSamples', stored, report);
    } catch (error) {
      const fault = asFault(error);
      if (fault.code !== 'bad-value') throw fault;
      await this.quarantine.add('recordSamples', fault.message, report);
    }
    return {};
  }
}
