import type { CommandResult } from '@ohmnibus/contracts';
import { Fault } from '@ohmnibus/domain';
import type { Outcome } from './outcome.js';

/** How and when a command ended. */
export class End {
  private written: string | undefined;

  constructor(
    readonly state: Outcome['state'],
    readonly result: CommandResult,
    readonly at: Date,
  ) {}

  /** The result as JSON. Throws a Fault if there is none: a station may nest lists more deeply than can be written. */
  get text(): string {
    try {
      return (this.written ??= JSON.stringify(this.result));
    } catch (error) {
      throw new Fault('bad-value', 'the result cannot be written', {}, { cause: error });
    }
  }
}
