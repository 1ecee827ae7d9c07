import { timeReply, versions, type Version } from './catalogue.js';

/** The page `docs/messages.md`, in Markdown: which messages of each version are served, by what, and which are not. */
export function messagesPage(): string {
  const sections = Object.values(versions).map(section);
  return [
    '# Messages',
    '',
    'Generated from the tables of contents in `packages/ocpp/src/*/index.ts`; do not edit.',
    '',
    'A message that a station sends is translated to an operation, which the named service runs. A message to a station is translated',
    'from something that we ask of it, and the command service sends it. Both are declared in `packages/domain/src/operations`.',
    'What is said to need no service is answered by the gateway itself (ADR 21).',
    '',
    ...sections.flat(),
  ].join('\n');
}

function section(version: Version): string[] {
  const rows = [
    ...version.fromStation.map(({ action, operation }) => ({
      action,
      direction: 'from station',
      meaning: operation.name,
      service: needsNoService(version, action) ? `none if it is empty, otherwise ${operation.service}` : operation.service,
    })),
    ...version.toStation.map(({ action, ask }) => ({ action, direction: 'to station', meaning: ask.name, service: 'command' })),
  ].toSorted((a, b) => compare(a.action, b.action) || compare(a.direction, b.direction));
  const served = new Set(rows.map(({ action }) => action));
  const notServed = [...version.actions].filter((action) => !served.has(action)).toSorted(compare);
  return [
    `## ${version.subprotocol}`,
    '',
    '| Action | Direction | Operation or ask | Service |',
    '|---|---|---|---|',
    ...rows.map(({ action, direction, meaning, service }) => `| ${action} | ${direction} | \`${meaning}\` | ${service} |`),
    '',
    notServed.length === 0 ? 'Every action is served.' : `Not served (${notServed.length}): ${notServed.join(', ')}.`,
    '',
  ];
}

function needsNoService({ name }: Version, action: string): boolean {
  return timeReply(name, action, Buffer.from('{}'), new Date()) !== undefined;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
