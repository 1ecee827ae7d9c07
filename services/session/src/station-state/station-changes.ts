import { collapse } from '@ohmnibus/database';
import type { ConnectionReport } from '@ohmnibus/contracts';
import type { StationRef } from '@ohmnibus/domain';
import { connectionSteps, type ConnectionStep } from './connection-steps.js';
import type { Boot, StationChange, StationNews } from './station-news.js';

/** What a batch of news comes to. */
export interface StationChanges {
  /** One for each station, in the order of their keys. */
  readonly changes: readonly StationChange[];
  /** Connections that came and went within the batch, or the other way round: they are told, and the row does not see them. */
  readonly passed: readonly ConnectionStep[];
  /** Where the change is that answers the boot at this place; -1: it is no boot. */
  readonly place: readonly number[];
}

function keyOf({ tenant, station }: StationRef): string {
  return `${tenant.length}:${tenant}${station}`;
}

/** Brings the news of each station together: its last connection, and its last boot. */
export function stationChanges(news: readonly StationNews[]): StationChanges {
  const reports: ConnectionReport[] = [];
  const boots: Boot[] = [];
  for (const one of news) {
    if (one.kind === 'connection') reports.push(one.report);
    else boots.push(one.boot);
  }
  const steps = connectionSteps(reports);
  const last = collapse(
    boots,
    ({ origin }) => keyOf(origin),
    (a, b) => a.origin.epoch > b.origin.epoch || (a.origin.epoch === b.origin.epoch && a.origin.frame > b.origin.frame),
  );
  const changes = new Map<string, StationChange>();
  const changeOf = ({ tenant, station }: StationRef): StationChange => {
    const key = keyOf({ tenant, station });
    let change = changes.get(key);
    if (!change) changes.set(key, (change = { tenant, station, connection: undefined, boot: undefined }));
    return change;
  };
  for (const { report, connectedAt, last: counts } of steps) if (counts) changeOf(report).connection = { report, connectedAt };
  for (const boot of last.rows) changeOf(boot.origin).boot = boot;
  const sorted = [...changes.keys()].sort();
  const at = new Map(sorted.map((key, i) => [key, i]));
  return {
    changes: sorted.map((key) => changes.get(key)!),
    passed: steps.filter((step) => !step.last),
    place: news.map((one) => (one.kind === 'boot' ? at.get(keyOf(one.boot.origin))! : -1)),
  };
}
