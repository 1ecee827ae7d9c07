import { textArray, type Database } from '@ohmnibus/database';

/** A pod that was written down this long ago, in milliseconds, is written down anew with its next connection. */
const noteMs = 60_000;

/** Sorted, so that two processes do not wait for each other in a circle. */
const note = {
  name: 'note-pods',
  text: `
    INSERT INTO gateway_pod (name) SELECT name FROM unnest($1::text[]) AS pod (name) ORDER BY name
    ON CONFLICT (name) DO UPDATE SET seen_at = now()`,
};

/** Makes sure that pods are written down before a station names them: by that the sweeper finds the stations of one that is gone. */
export class KnownPods {
  /** When they were last written down, in milliseconds on the monotonic clock. */
  private readonly noted = new Map<string, number>();

  constructor(private readonly database: Pick<Database, 'run'>) {}

  /** Costs a question once in a while for each pod. */
  async note(pods: ReadonlySet<string>): Promise<void> {
    const now = performance.now();
    const outdated = [...pods].filter((pod) => (this.noted.get(pod) ?? -Infinity) <= now - noteMs);
    if (outdated.length === 0) return;
    await this.database.run(note, [textArray(outdated, (pod) => pod)]);
    for (const [pod, at] of this.noted) if (at <= now - noteMs) this.noted.delete(pod);
    for (const pod of outdated) this.noted.set(pod, now);
  }
}
