import type { SimulatedStation } from '@ohmnibus/simulator';
import type { Operator } from '../operator.js';
import { oneOfEachKind, type Stations } from '../stations.js';

interface Charger {
  readonly station: SimulatedStation;
  readonly token: string;
}

/** Six chargers, three of each version: one that is about to start a charge, one about to report its meter, one about to stop. */
export class FactsInWork {
  private constructor(private readonly chargers: readonly Charger[]) {}

  static async prepare(operator: Operator, stations: Stations): Promise<FactsInWork> {
    const chargers = oneOfEachKind.flatMap((protocol) =>
      ['START', 'METER', 'STOP'].map((about): Charger => {
        const id = `${about}-${protocol}`;
        return { station: stations.make('gateway-1', { id, protocol }), token: `TAG-${id}` };
      }),
    );
    await operator.knows(...chargers.map(({ station }) => station.id));
    await operator.accepts(...chargers.map(({ token }) => token));
    await Promise.all(chargers.map(({ station }) => station.connect()));
    const facts = new FactsInWork(chargers);
    await Promise.all(facts.of('METER', 'STOP').map(({ station, token }) => station.startCharge({ evse: 1, token })));
    // The power coming on is an event of its own in 2.0.1.
    await Promise.all(facts.of('METER', 'STOP').map(({ station }) => station.reportMeter(1)));
    return facts;
  }

  get ids(): string[] {
    return this.chargers.map(({ station }) => station.id);
  }

  /** Resolves when all six facts are acknowledged, however often they had to be repeated. */
  async send(): Promise<void> {
    await Promise.all([
      ...this.of('START').map(({ station, token }) => station.startCharge({ evse: 1, token })),
      ...this.of('METER').map(({ station }) => station.reportMeter(1)),
      ...this.of('STOP').map(({ station }) => station.stopCharge({ evse: 1 })),
    ]);
  }

  /** The charges that are still on go on and end. */
  async finish(): Promise<void> {
    const charging = this.of('START', 'METER').map(({ station }) => station);
    await Promise.all(charging.map((station) => station.reportMeter(1)));
    await Promise.all(charging.map((station) => station.stopCharge({ evse: 1 })));
  }

  /** Which of the six facts the database holds, by station. */
  async stored(operator: Operator): Promise<string[]> {
    const rows = await operator.rows<{ station: string }>(
      `SELECT station FROM transaction WHERE station LIKE 'START-%'
       UNION ALL SELECT station FROM (SELECT station, rank() OVER (PARTITION BY station ORDER BY at, digest) AS n FROM sample WHERE station LIKE 'METER-%') s
         JOIN (VALUES ('METER-ocpp1.6', 3), ('METER-ocpp2.0.1', 4)) known(id, before) ON known.id = s.station AND n = before
       UNION ALL SELECT station FROM transaction WHERE station LIKE 'STOP-%' AND end_kind = 'reported' ORDER BY 1`,
    );
    return rows.map(({ station }) => station);
  }

  /** How often each of the six facts was sent in all. */
  sent(stations: Stations): number[] {
    const actions = { START: /"StartTransaction"|"eventType":"Started"/, METER: /"MeterValues"|"triggerReason":"MeterValuePeriodic"/, STOP: /"StopTransaction"|"eventType":"Ended"/ };
    return this.chargers.map(({ station }) => {
      const about = station.id.split('-')[0] as keyof typeof actions;
      const all = stations.framesOf(station).filter(({ direction, text }) => direction === 'sent' && text.startsWith('[2,') && actions[about].test(text));
      // The one before is part of the preparation.
      return about === 'METER' ? all.length - 1 : all.length;
    });
  }

  private of(...about: readonly string[]): Charger[] {
    return this.chargers.filter(({ station }) => about.includes(station.id.split('-')[0] as string));
  }
}
