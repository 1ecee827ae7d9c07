import type { CommandAnswer, SetChargingProfileCommand as SetQuestion } from '@ohmnibus/contracts';
import { Fault, installChargingProfile, type ChargingProfilePurpose, type StationRef } from '@ohmnibus/domain';
import type { ProfileCatalogue } from '../charging-profiles/profile-catalogue.js';
import type { Dispatch } from '../dispatch/dispatch.js';
import { translated } from '../dispatch/translated.js';
import type { FoundTransaction, TransactionLookup } from '../stop-command/transaction-lookup.js';

/** Has a station of any version keep a charging profile of the catalogue. */
export class SetChargingProfileCommand {
  constructor(
    private readonly dispatch: Pick<Dispatch, 'run' | 'repetition'>,
    private readonly catalogue: Pick<ProfileCatalogue, 'require'>,
    private readonly transactions: Pick<TransactionLookup, 'find' | 'openAt'>,
  ) {}

  async run({ profile: id, evse, transaction, ...order }: SetQuestion): Promise<CommandAnswer> {
    const content = ['set-charging-profile', { id, evse, transaction }];
    // The same order again is answered as before, whatever has become of the profile and the transaction meanwhile.
    const known = await this.dispatch.repetition({ ...order, content });
    if (known) return known;
    const profile = await this.catalogue.require(order.tenant, id);
    const to = profile.purpose === 'TxProfile' ? await this.toTransaction(order, evse, transaction) : toEvse(profile.purpose, evse, transaction);
    return this.dispatch.run({ ...order, content, request: translated(installChargingProfile, { ...to, profile }) });
  }

  private async toTransaction(station: StationRef, evse: number | undefined, name: string | undefined) {
    if (name === undefined && !evse) throw refusal('evse', 'a TxProfile is for a transaction: name it, or the EVSE that it is open on');
    const found = name === undefined ? await this.transactions.openAt(station, evse!) : await this.transactions.find(station, name);
    if (!found) {
      throw name === undefined
        ? new Fault('conflict', `no transaction is open on EVSE ${evse} of station ${station.station}`)
        : new Fault('not-found', `station ${station.station} has no transaction ${name}`);
    }
    return { evse: evseOf(found, evse), transaction: found };
  }
}

/** Where a profile that belongs to no transaction goes. */
function toEvse(purpose: ChargingProfilePurpose, evse = 0, transaction: string | undefined): { evse: number } {
  if (transaction !== undefined) throw refusal('transaction', `a ${purpose} belongs to no transaction`);
  if (purpose === 'ChargingStationMaxProfile' && evse !== 0) throw refusal('evse', 'a ChargingStationMaxProfile is for EVSE 0, the station as a whole');
  return { evse };
}

function evseOf({ number, ended, evse: found }: FoundTransaction, asked: number | undefined): number {
  if (ended) throw new Fault('conflict', `transaction ${number} has ended already`);
  const evse = asked ?? found;
  if (evse === undefined) throw refusal('evse', `it is not known which EVSE transaction ${number} is on: name it`);
  if (evse === 0 || (found !== undefined && found !== evse)) throw refusal('evse', `transaction ${number} is on EVSE ${found ?? 'of its own'}`);
  return evse;
}

function refusal(path: string, message: string): Fault {
  return new Fault('bad-value', `${path}: ${message}`, { problems: [{ path, message }] });
}
