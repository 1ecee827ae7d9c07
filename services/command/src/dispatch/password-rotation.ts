import type { Bus } from '@ohmnibus/bus';
import { proposePassword, settlePassword, type SettlePassword } from '@ohmnibus/contracts';
import { asFault, type StationRef } from '@ohmnibus/domain';
import { fateOfPassword, mayHoldSecrets, newPasswordIn, secretsIn, withoutQuotes } from '@ohmnibus/ocpp';
import { noAnswer, type Outcome } from './outcome.js';
import type { StationRequest } from './order.js';

/** A command that may carry a new password. */
export interface Carrier extends StationRef {
  readonly id: string;
  readonly deadline: Date;
  readonly request: StationRequest;
}

/** CALLERRORs after which a station may have done what it was asked for all the same. */
const doubtful = new Set(['InternalError', 'GenericError']);
const retryMs = 1_000;
const giveUpMs = 600_000;

/**
 * Whoever sends a station a new password, and in whatever words, never locks it out: the password is right from before it is sent, and the
 * old one until it is certain which of them the station has. A process that dies on the way leaves both right; the station's next connection
 * settles it.
 */
export class PasswordRotation {
  constructor(
    private readonly bus: Pick<Bus, 'ask'>,
    private readonly notSettled: (carrier: Carrier, error: unknown) => void,
  ) {}

  /**
   * Sends a command, between what must be done before and after if it carries a password. A station that quotes a secret in its answer is not
   * quoted. Never rejects if `send` does not.
   */
  carried(command: Carrier, send: () => Promise<Outcome>): Promise<Outcome> {
    return mayHoldSecrets(command.request.action) ? this.carriedSecretly(command, send) : send();
  }

  private async carriedSecretly(command: Carrier, send: () => Promise<Outcome>): Promise<Outcome> {
    const { action, payload } = command.request;
    const request: unknown = JSON.parse(payload);
    const password = newPasswordIn(action, request);
    const outcome = await (password === undefined ? send() : this.around(command, password, send));
    return { ...outcome, result: withoutQuotes(outcome.result, secretsIn(action, request)) as Outcome['result'] };
  }

  private async around(command: Carrier, password: string, send: () => Promise<Outcome>): Promise<Outcome> {
    const { tenant, station, id, deadline } = command;
    try {
      await this.bus.ask(proposePassword, {}, { tenant, station, id, password, openUntil: deadline.toISOString() });
    } catch (error) {
      // Whether it was stored is not known, and it is not sent.
      const fault = asFault(error);
      if (fault.transient) await this.settle(command, 'refused', Date.now());
      return noAnswer('failed', fault.transient ? fault.code : fault.message);
    }
    const outcome = await send();
    await this.settle(command, rotationOutcome(command.request.action, outcome), Date.now());
    return outcome;
  }

  private async settle(command: Carrier, outcome: SettlePassword['outcome'], since: number): Promise<void> {
    const { tenant, station, id } = command;
    try {
      await this.bus.ask(settlePassword, {}, { tenant, station, id, outcome });
    } catch (error) {
      this.notSettled(command, error);
      // Until then both are right, so nobody has to wait for it.
      if (Date.now() < since + giveUpMs) setTimeout(() => void this.settle(command, outcome, since), retryMs).unref();
    }
  }
}

const outcomes = { taken: 'taken', later: 'unknown', refused: 'refused' } as const satisfies Record<string, SettlePassword['outcome']>;

/** What the end of the command means for the password that it carried. */
function rotationOutcome(action: string, { state, result }: Outcome): SettlePassword['outcome'] {
  if (result.type === 'CALLRESULT') return outcomes[fateOfPassword(action, result.payload) ?? 'later'];
  if (result.type === 'CALLERROR') return doubtful.has(result.code) ? 'unknown' : 'refused';
  return state === 'unknown' ? 'unknown' : 'refused';
}
