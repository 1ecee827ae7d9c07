/** A process that stations connect to. */
export interface StationServerApi {
  /** Resolves with the port. */
  listen(options: { readonly natsUrl: string }): Promise<number>;
}

/** Asks stations directly. */
export interface StationCallerApi extends StationServerApi {
  /** Calls connected stations, so many at a time, each at most once at a time. */
  callStations(options: AskOptions): Promise<AskReport>;
}

/** Asks stations through the product. */
export interface CommandAskerApi {
  connect(options: { readonly natsUrl: string }): Promise<void>;
  ask(options: AskOptions & { readonly stations: readonly string[] }): Promise<AskReport>;
}

export interface AskOptions {
  readonly inFlight: number;
  readonly seconds: number;
}

export interface AskReport {
  readonly answered: number;
  /** What was answered wrongly, or not at all. */
  readonly failed: readonly string[];
  readonly p50Ms: number;
  readonly perSecond: number;
}

/** The second half of the naive path. */
export interface NaiveServiceApi {
  serve(options: { readonly natsUrl: string; readonly databaseUrl: string; readonly poolSize: number }): Promise<void>;
}
