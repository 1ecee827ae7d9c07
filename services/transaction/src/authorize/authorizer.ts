import { decideAuthorization, type Authorization, type AuthorizationRequest, type Clock, type StationRef, type TokenRef } from '@ohmnibus/domain';
import type { TokenStore } from './token-store.js';

/** Says whether a token may charge; a station that asks for no token (2.x `NoAuthorization`) charges anybody. A store that is down is a fault, never a verdict. */
export class Authorizer {
  constructor(
    private readonly tokens: Pick<TokenStore, 'find'>,
    private readonly clock: Clock,
  ) {}

  /** Before a charge: other charges of the token do not matter yet. */
  async run({ origin, token }: AuthorizationRequest): Promise<Authorization> {
    if (token.kind === 'NoAuthorization') return { status: 'Accepted' };
    const { known } = await this.tokens.find({ tenant: origin.tenant, station: origin.station, value: token.value });
    return decideAuthorization(known, origin.station, undefined, this.clock.now());
  }

  /** Of a charge that begins or goes on at this EVSE: a token and its group have a limit of charges at a time. */
  async decideStart({ tenant, station }: StationRef, token: TokenRef, evse: number | undefined, transactionKey: string | undefined): Promise<Authorization> {
    if (token.kind === 'NoAuthorization') return { status: 'Accepted' };
    const { known, open } = await this.tokens.find({ tenant, station, value: token.value, charge: { evse, transactionKey } });
    return decideAuthorization(known, station, open, this.clock.now());
  }
}
