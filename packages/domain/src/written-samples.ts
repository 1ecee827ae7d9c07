/** Samples of one message as JSON, with what is asked of them without reading it. There is at least one. */
export class WrittenSamples {
  constructor(
    /** Of the first. */
    readonly at: Date,
    /** See `registerWh`. */
    readonly registerWh: number | undefined,
    /** Letter by letter what JSON.stringify makes of them. */
    readonly text: string,
  ) {}

  /** As if they had not been written yet. */
  toJSON(): unknown {
    return JSON.parse(this.text);
  }
}

