import { hash } from 'node:crypto';
import { registerWh, WrittenSamples, type Sample } from '@ohmnibus/domain';
import { samplesText } from './samples-text.js';

/** Samples as they are stored: one row per message. */
export interface SampleRow {
  /** Of the first reading. */
  readonly at: Date;
  /** Tells a repetition: of the text of the readings, or the sequence number that came with them. */
  readonly digest: number;
  readonly registerWh: number | undefined;
  /** JSON. */
  readonly samples: string;
}

/** Undefined where there is nothing to store. */
export function sampleRow(samples: readonly Sample[] | WrittenSamples, sequence?: number): SampleRow | undefined {
  if (samples instanceof WrittenSamples) {
    const { at, registerWh: register, text } = samples;
    return { at, digest: sequence ?? digestOf(text), registerWh: register, samples: text };
  }
  const [first] = samples;
  if (!first) return undefined;
  const text = samplesText(samples);
  return { at: first.at, digest: sequence ?? digestOf(text), registerWh: registerWh(samples), samples: text };
}

/** 48 bits are plenty among the messages of one station with one timestamp, and an exact number. */
function digestOf(text: string): number {
  return Number.parseInt(hash('sha1', text).slice(0, 12), 16);
}
