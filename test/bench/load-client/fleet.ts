import { Latencies } from '../measure/latencies.js';
import type { SocketTarget } from './client-socket.js';
import { Driver } from './driver.js';
import type { Drive, DriveReport, LoadClientApi, StormReport, Target } from './load-client-api.js';
import { Station, type StationHost } from './station.js';
import { emptyTally, sumOf } from './tally.js';

const addresses = Array.from({ length: 8 }, (_, i) => `127.0.0.${i + 2}`);
const openingAtOnce = 128;
const answerTimeoutMs = 30_000;
const openTimeoutMs = 60_000;
const stormTimeoutMs = 120_000;

/** The stations of one load client. */
export class Fleet implements LoadClientApi, StationHost {
  readonly tally = emptyTally();
  private readonly stations: Station[] = [];
  private readonly latencies = new Latencies();
  private readonly closed: string[] = [];
  /** Stations that were told to connect, and what comes then. */
  private readonly opening = new Map<Station, () => void>();
  private cutOff = 0;
  private to: Target | undefined;
  private ids = 0;
  private driver: Driver | undefined;
  private answeredBefore = 0;
  private wrongBefore = 0;

  target(target: Target): void {
    this.to = target;
  }

  async open({ stations, bringUp }: { stations: number; bringUp: boolean }): Promise<void> {
    for (const station of this.stations.slice(stations)) station.drop();
    const wanted = this.first(stations).filter(({ connected }) => !connected);
    await this.each(wanted, openingAtOnce, openTimeoutMs, (station, done) => {
      this.connect(station, () => {
        if (!bringUp) return done();
        station.send('BootNotification', () => (station.transaction === 0 ? station.send('StartTransaction', done) : done()));
      });
    });
    this.opening.clear();
  }

  start(drive: Drive): void {
    this.latencies.clear();
    this.closed.length = 0;
    this.answeredBefore = sumOf(this.tally).count;
    this.wrongBefore = this.tally.wrong;
    this.driver = new Driver(this.connected, drive);
    this.driver.start();
  }

  async stop(): Promise<DriveReport> {
    this.driver?.stop();
    const answered = () => sumOf(this.tally).count - this.answeredBefore;
    const answeredInTime = answered();
    const asked = this.connected;
    const end = Date.now() + answerTimeoutMs;
    while (asked.some(({ waiting, connected }) => waiting && connected) && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 2));
    return {
      answered: answered(),
      answeredInTime,
      lost: asked.filter(({ waiting }) => waiting).length,
      wrong: this.tally.wrong - this.wrongBefore,
      closed: this.closed.slice(0, 5),
      p50Ms: this.latencies.quantile(0.5),
      p99Ms: this.latencies.quantile(0.99),
      tally: this.tally,
    };
  }

  async storm({ stations, connecting }: { stations: number; connecting: number }): Promise<StormReport> {
    this.closed.length = 0;
    const all = this.first(stations);
    const start = performance.now();
    this.cutOff = 0;
    let left = all.length;
    let failed = '';
    await new Promise<void>((resolve) => {
      const finished = () => --left === 0 && resolve();
      const join = (station: Station) => station.send('BootNotification', () => station.send('StatusNotification', finished));
      // A connect makes room for the next as soon as it is through; boot and state are on their own then.
      const opening = this.each(all, connecting, stormTimeoutMs, (station, done) => {
        this.connect(station, () => {
          join(station);
          done();
        });
      });
      opening.catch((error: unknown) => {
        failed = String(error);
        resolve();
      });
      setTimeout(resolve, stormTimeoutMs).unref();
    });
    const seconds = (performance.now() - start) / 1000;
    const missing = left > 0 ? [`${left} stations were not through after ${seconds.toFixed(1)} s`] : [];
    this.opening.clear();
    return { seconds, cutOff: this.cutOff, failed: [...missing, ...(failed ? [failed] : []), ...this.closed.slice(0, 5)], tally: this.tally };
  }

  nextId(): number {
    return ++this.ids;
  }

  answered(ms: number): void {
    this.latencies.add(ms);
  }

  /** A station that is cut off at the door comes again, once. */
  lost(station: Station, reason: string, heard: boolean): void {
    const again = heard ? undefined : this.opening.get(station);
    if (!again) return void this.closed.push(`station ${station.index}: ${reason}`);
    this.opening.delete(station);
    this.cutOff++;
    station.connect(this.targetOf(station), again);
  }

  private get connected(): Station[] {
    return this.stations.filter(({ connected }) => connected);
  }

  private first(count: number): Station[] {
    while (this.stations.length < count) this.stations.push(new Station(this.stations.length, this));
    return this.stations.slice(0, count);
  }

  private connect(station: Station, whenOpen: () => void): void {
    this.opening.set(station, whenOpen);
    station.connect(this.targetOf(station), whenOpen);
  }

  private targetOf(station: Station): SocketTarget {
    const { host, port, stationPrefix, password } = this.to!;
    const name = `${stationPrefix}${String(station.index).padStart(9, '0')}`;
    const authorization = password === undefined ? undefined : `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
    const localAddress = addresses[station.index % addresses.length]!;
    return { host, port, localAddress, path: `/ocpp/${name}`, ...(authorization && { authorization }) };
  }

  /** Works on stations, so many at a time; rejects if that takes too long or if a socket closes. */
  private each(stations: readonly Station[], atOnce: number, timeoutMs: number, work: (station: Station, done: () => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      let next = 0;
      let left = stations.length;
      const why = () => new Error(`${left} of ${stations.length} stations could not be brought up: ${this.closed[0] ?? this.tally.examples[0] ?? 'no answer'}`);
      const timer = setTimeout(() => reject(why()), timeoutMs);
      const begin = () => {
        const station = stations[next++];
        if (station) work(station, done);
      };
      const done = () => {
        if (--left > 0) return begin();
        clearTimeout(timer);
        resolve();
      };
      if (left === 0) {
        clearTimeout(timer);
        return resolve();
      }
      for (let i = 0; i < atOnce; i++) begin();
    });
  }
}
