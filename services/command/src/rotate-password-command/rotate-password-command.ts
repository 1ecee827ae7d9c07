import { randomBytes } from 'node:crypto';
import type { CommandAnswer, RotatePasswordCommand as RotatePasswordQuestion } from '@ohmnibus/contracts';
import { changePassword } from '@ohmnibus/domain';
import { hidden } from '@ohmnibus/ocpp';
import type { Dispatch } from '../dispatch/dispatch.js';
import { translated } from '../dispatch/translated.js';

/** Twenty bytes written as forty digits: the longest key of 1.6, and a password of any 2.x station. */
const keyBytes = 20;

/** Gives a station a new password, one that nobody ever sees unless the caller has chosen it. */
export class RotatePasswordCommand {
  constructor(private readonly dispatch: Pick<Dispatch, 'run'>) {}

  run({ password = randomBytes(keyBytes).toString('hex'), ...order }: RotatePasswordQuestion): Promise<CommandAnswer> {
    return this.dispatch.run({ ...order, content: ['rotate-password'], request: translated(changePassword, { password }, { password: hidden }) });
  }
}
