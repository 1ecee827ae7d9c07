import type { CommandAnswer, StartCommand as StartCommandQuestion } from '@ohmnibus/contracts';
import { startCharging } from '@ohmnibus/domain';
import { randomInt } from 'node:crypto';
import type { Dispatch } from '../dispatch/dispatch.js';
import { translated } from '../dispatch/translated.js';

/** Starts a charge on a station of any version. */
export class StartCommand {
  constructor(private readonly dispatch: Pick<Dispatch, 'run'>) {}

  run({ token, tokenKind, evse, ...order }: StartCommandQuestion): Promise<CommandAnswer> {
    const input = { token: { value: token, kind: tokenKind }, evse, remoteStartId: randomInt(1, 2 ** 31) };
    return this.dispatch.run({ ...order, content: ['start', { token, tokenKind, evse }], request: translated(startCharging, input) });
  }
}
