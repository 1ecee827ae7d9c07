import type { Functions } from './remote.js';

export interface Ask {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

export interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** Offers functions to the process that started this one, and ends when that one is gone. */
export function serveParent<Api extends Functions<Api>>(functions: Api): void {
  const known = functions as unknown as Record<string, (argument: unknown) => unknown>;
  const tell = (answer: Answer) => process.send?.(answer);
  process.on('message', ({ id, name, argument }: Ask) => {
    Promise.resolve()
      .then(() => known[name]!(argument))
      .then(
        (result) => tell({ id, result }),
        (error: unknown) => tell({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
      );
  });
  process.on('disconnect', () => process.exit(0));
}
