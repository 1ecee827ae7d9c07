import type { Database } from '@ohmnibus/database';
import { tokenKey, type AwaitedProfile, type ChargingProfile, type ChargingProfileCriteria, type InstalledProfile } from '@ohmnibus/domain';
import type { Circumstance } from '../findings/findings.js';
import type { TransactionLookup } from '../stop-command/transaction-lookup.js';
import * as statements from './installed-statements.js';

/** Stations give up a remote start after their ConnectionTimeOut, which is a matter of minutes. */
const awaitedForMs = 3_600_000;

/** Which charging profiles stations are believed to keep, by their own answers. */
export class InstalledProfileStore {
  constructor(
    private readonly database: Pick<Database, 'run'>,
    private readonly transactions: Pick<TransactionLookup, 'find' | 'openAt'>,
  ) {}

  async learnInstalled(circumstance: Circumstance, { evse, profile, transaction: name }: InstalledProfile): Promise<void> {
    const ofTransaction = profile.purpose === 'TxProfile';
    const found = ofTransaction ? await (name === undefined ? this.transactions.openAt(circumstance, evse) : this.transactions.find(circumstance, name)) : undefined;
    await this.write(circumstance, profile, { evse, transaction: found?.number });
  }

  async learnAwaited(circumstance: Circumstance, { evse, token, profile }: AwaitedProfile): Promise<void> {
    await this.write(circumstance, profile, { evse, tokenKey: tokenKey(token.value) });
  }

  async learnCleared({ tenant, station, at }: Circumstance, { id, evse, purpose, stackLevel }: ChargingProfileCriteria): Promise<void> {
    await this.database.run(statements.learnCleared, [tenant, station, id, evse, purpose, stackLevel, at]);
  }

  /** Finds the transactions that profiles were waiting for, and forgets the profiles of those that have ended. */
  async settle(now: Date): Promise<void> {
    await this.database.run(statements.findAwaited, [now]);
    await this.database.run(statements.forgetEnded, []);
    await this.database.run(statements.forgetInVain, [new Date(now.getTime() - awaitedForMs)]);
  }

  private async write(
    { tenant, station, command, at }: Circumstance,
    { id, ...profile }: ChargingProfile,
    to: { readonly evse: number | undefined; readonly transaction?: number | undefined; readonly tokenKey?: string },
  ): Promise<void> {
    const { purpose, stackLevel } = profile;
    const values = [tenant, station, id, to.evse, purpose, stackLevel, JSON.stringify(profile), to.transaction, to.tokenKey, command, at];
    await this.database.run(statements.learnInstalled, values);
  }
}
