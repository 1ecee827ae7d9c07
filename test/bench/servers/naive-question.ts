export const naiveSubject = 'naive.call';

export interface NaiveQuestion {
  readonly station: string;
  readonly messageId: string;
  readonly action: string;
  readonly payload: unknown;
}

export interface NaiveAnswer {
  readonly payload: Record<string, unknown>;
}
