import { ChargeCurve } from './charge-curve.js';
import type { Vehicle } from './charge-curve.js';
import type { Random } from './random.js';

/** What the meter of a connector shows at one moment. */
export interface Reading {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Energy.Active.Import.Register: whole watt-hours since the connector was built, never falling. */
  readonly registerWh: number;
  readonly powerW: number;
  /** One value for each of three phases. */
  readonly currentA: readonly [number, number, number];
  readonly voltageV: readonly [number, number, number];
  /** State of charge of the car, in percent; absent without a car that charges. */
  readonly socPercent?: number;
  readonly temperatureC: number;
}

const nominalVoltageV = 230;
const phases = 3;

/** The three-phase meter of one connector. Its register lives on from charge to charge. */
export class EnergyMeter {
  private storedWh = 0;
  private curve: ChargeCurve | undefined;
  private beganAt = 0;

  /** @param timeScale how many seconds of charging pass in one real second */
  constructor(
    private readonly random: Random,
    private readonly timeScale: number,
  ) {}

  get isFull(): boolean {
    return this.curve?.isFull ?? false;
  }

  begin(vehicle: Vehicle, at: number): void {
    this.curve = new ChargeCurve(vehicle);
    this.beganAt = at;
  }

  read(at: number): Reading {
    this.curve?.advanceTo(((at - this.beganAt) / 1000) * this.timeScale);
    const powerW = this.curve?.powerW ?? 0;
    const voltage = (): number => nominalVoltageV + (this.random() - 0.5) * 3;
    const voltageV = [voltage(), voltage(), voltage()] as const;
    const [l1, l2, l3] = voltageV;
    const perPhase = powerW / phases;
    return {
      at,
      registerWh: Math.floor(this.storedWh + (this.curve?.energyWh ?? 0)),
      powerW,
      currentA: [perPhase / l1, perPhase / l2, perPhase / l3],
      voltageV,
      ...(this.curve && { socPercent: Math.floor(this.curve.stateOfCharge * 100) }),
      temperatureC: 22 + powerW / 1000 + this.random(),
    };
  }

  /** The last reading of the charge; afterwards nothing flows. */
  end(at: number): Reading {
    const reading = this.read(at);
    this.storedWh += this.curve?.energyWh ?? 0;
    this.curve = undefined;
    return reading;
  }
}
