import { createStation, type SeenFrame, type SimulatedStation, type StationOptions } from '@ohmnibus/simulator';
import type { Ledger } from './invariants/ledger.js';
import type { Recording } from './invariants/logged-frames.js';
import type { GatewayName, System } from './system.js';

/** Every version that is served. */
export const protocols = ['ocpp1.5', 'ocpp1.6', 'ocpp2.0.1'] as const;

/** One version for each way to name a transaction: by our number, and by the station's own id. */
export const oneOfEachKind = ['ocpp1.6', 'ocpp2.0.1'] as const;

/** The simulated stations of a test file, with everything that they were promised and that went over their wires. */
export class Stations {
  private readonly made: { readonly station: SimulatedStation; readonly frames: SeenFrame[] }[] = [];

  constructor(private readonly system: System) {}

  /** A station that keeps its facts until they are acknowledged, however often it has to repeat them, and is quick to come back. */
  make(gateway: GatewayName, options: Omit<StationOptions, 'url'>): SimulatedStation {
    const station = createStation({
      url: this.system.ocppUrl(gateway),
      ledger: true,
      meterIntervalSeconds: 0,
      reconnect: { minMs: 100, maxMs: 400 },
      bootRetryMs: 200,
      transactionMessages: { attempts: 1_000, retryIntervalMs: 20 },
      ...options,
    });
    const frames: SeenFrame[] = [];
    station.on('frame', (frame) => frames.push(frame));
    this.made.push({ station, frames });
    return station;
  }

  /** What the system promised to keep. */
  get ledgers(): Ledger[] {
    return this.made.map(({ station }) => ({ station: station.id, facts: station.acknowledged }));
  }

  get recordings(): Recording[] {
    return this.made.map(({ station, frames }) => ({ station: station.id, frames }));
  }

  framesOf(station: SimulatedStation): readonly SeenFrame[] {
    return this.made.find((made) => made.station === station)?.frames ?? [];
  }

  async disconnect(): Promise<void> {
    await Promise.all(this.made.map(({ station }) => station.disconnect()));
  }
}
