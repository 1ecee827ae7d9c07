import type { PartOutcome, SyncLocalListAnswer, SyncLocalListCommand } from '@ohmnibus/contracts';
import { localListOf, localListUpdates, readConfiguration, readLocalListVersion, updateLocalList, type Ask, type LocalListUpdate, type WantedLocalList } from '@ohmnibus/domain';
import { versions } from '@ohmnibus/ocpp';
import { Parts, stateOf } from '../configuration/parts.js';
import { readVariables, wholeNumber } from '../configuration/read-variables.js';
import { translated } from '../dispatch/translated.js';
import type { StoredLocalList } from '../local-list/local-list-store.js';
import type { LocalListParts } from './sync-local-list-command.js';

type Part = SyncLocalListAnswer['parts'][number];

/** Lines of one message where the station does not say how many it takes; and whatever it says, for the sake of its memory and of ours. */
const cautiousPerMessage = 50;
const mostPerMessage = 500;
/** Where nobody knows the station's version nothing is sent: it is offline. */
const longestOfAll = Math.max(...Object.values(versions).map(({ longestToken }) => longestToken));

/** One run: what the station has, what it takes, what it should have, and the messages from the one to the other. */
export class Synchronisation {
  private readonly calls: Parts;
  private readonly outcomes: Part[] = [];
  private enabled: boolean | null = null;

  constructor(
    private readonly parts: LocalListParts,
    private readonly order: SyncLocalListCommand,
  ) {
    const { tenant, station, timeoutSeconds, requestedBy, stored } = order;
    this.calls = new Parts(parts.dispatch, { tenant, station, timeoutSeconds, requestedBy, stored });
  }

  async run(): Promise<SyncLocalListAnswer> {
    const replace = this.order.update === 'full';
    if (!replace && (await this.send('version', readLocalListVersion, {})).state !== 'accepted') return this.answer([], undefined);
    const believed = await this.believed();
    if (!replace && believed.version === -1) return { ...(await this.answer([], undefined)), state: 'rejected' };
    const { longestToken, capacity, perMessage } = await this.room();
    const wanted = localListOf(await this.parts.tokens.usableAt(this.order), this.order.station, { longestToken, capacity }, this.parts.clock.now());
    const sent = await this.sendAll(localListUpdates(believed, wanted.entries, { perMessage, replace }));
    if (!(await this.calledForAll(sent))) return this.answer(sent, wanted);
    // "Central System SHOULD retry sending the full local authorization list" (16 5.15): above the version that the station has.
    await this.send('version', readLocalListVersion, {});
    return this.answer(await this.sendAll(localListUpdates(await this.believed(), wanted.entries, { perMessage, replace: true })), wanted);
  }

  private believed(): Promise<StoredLocalList> {
    return this.parts.lists.find(this.order);
  }

  /** Whether a change was refused that a whole list may not be. */
  private async calledForAll(sent: readonly Part[]): Promise<boolean> {
    if (sent[0]?.what !== 'differential' || sent.at(-1)?.state !== 'rejected') return false;
    const { lastVerdict } = await this.believed();
    return lastVerdict === 'failed' || lastVerdict === 'version-mismatch';
  }

  private async room() {
    const owner = await this.parts.presence.owner(this.order);
    const version = owner && versions[owner.protocol];
    const names = version?.limits.localList;
    const { capacity, perMessage } = this.order;
    const longestToken = version?.longestToken ?? longestOfAll;
    if (!names) return { longestToken, capacity, perMessage: perMessage ?? cautiousPerMessage };
    const [perMessageSaid, capacitySaid, enabled] = await readVariables(this.parts.configuration, this.order, [names.perMessage, names.capacity, names.enabled], async (keys) => {
      await this.send('limits', readConfiguration, { keys });
    });
    if (enabled?.value) this.enabled = enabled.value.trim().toLowerCase() === 'true';
    return { longestToken, capacity: capacity ?? wholeNumber(capacitySaid, 0), perMessage: perMessage ?? Math.min(wholeNumber(perMessageSaid, 1) ?? cautiousPerMessage, mostPerMessage) };
  }

  /** Until one is not accepted: what follows would build on it. */
  private async sendAll(updates: readonly LocalListUpdate[]): Promise<Part[]> {
    const sent: Part[] = [];
    for (const update of updates) {
      const part = await this.send(update.update, updateLocalList, update);
      sent.push(part);
      if (part.state !== 'accepted') break;
    }
    return sent;
  }

  private async send<Input>(what: Part['what'], ask: Ask<Input>, input: Input): Promise<Part> {
    const outcome: PartOutcome = await this.calls.send({ content: ['sync-local-list', ask.name, input], request: translated(ask, input) });
    const part = { ...outcome, what };
    this.outcomes.push(part);
    return part;
  }

  private async answer(sent: readonly Part[], wanted: WantedLocalList | undefined): Promise<SyncLocalListAnswer> {
    const { version } = await this.believed();
    return {
      // What led up to the updates counts only where there are none.
      state: stateOf(wanted ? sent : this.outcomes),
      update: sent[0]?.what === 'full' || sent[0]?.what === 'differential' ? sent[0].what : 'none',
      version: version ?? null,
      entries: wanted?.entries.length ?? null,
      leftOut: wanted?.leftOut ?? { tooLong: 0, beyondCapacity: 0 },
      enabled: this.enabled,
      parts: this.outcomes,
    };
  }
}
