/** The car on the cable. */
export interface Vehicle {
  /** Usable capacity in watt-hours. */
  readonly batteryWh: number;
  /** State of charge on arrival, 0 to 1. */
  readonly startSoc: number;
  /** What it draws in the middle of a charge, in watts. */
  readonly maxPowerW: number;
}

const rampSeconds = 30;
/** From this state of charge on a battery takes less and less. */
const taperFromSoc = 0.8;
/** Share of the energy from the grid that arrives in the battery. */
const efficiency = 0.92;
const stepSeconds = 10;

/** One charge as a car takes it: power ramps up, stays constant, and tapers off until the battery is full. */
export class ChargeCurve {
  private seconds = 0;
  private soc: number;
  private energy = 0;

  constructor(private readonly vehicle: Vehicle) {
    this.soc = vehicle.startSoc;
  }

  /** Watts drawn at this moment. */
  get powerW(): number {
    if (this.isFull) return 0;
    const ramp = Math.min(1, this.seconds / rampSeconds);
    const taper = this.soc < taperFromSoc ? 1 : Math.max(0.05, (1 - this.soc) / (1 - taperFromSoc));
    return this.vehicle.maxPowerW * ramp * taper;
  }

  /** Watt-hours taken from the grid since the charge began. */
  get energyWh(): number {
    return this.energy;
  }

  /** State of charge, 0 to 1. */
  get stateOfCharge(): number {
    return this.soc;
  }

  get isFull(): boolean {
    return this.soc >= 1;
  }

  /** Moves on to `seconds` after the start of the charge; an earlier time changes nothing. */
  advanceTo(seconds: number): void {
    while (this.seconds < seconds && !this.isFull) {
      const from = this.seconds;
      // The last step ends exactly there: a sum might fall short by a rounding error for ever.
      const to = seconds - from > stepSeconds ? from + stepSeconds : seconds;
      // Power halfway through, or a charge shorter than the ramp would take nothing.
      this.seconds = (from + to) / 2;
      this.take((this.powerW * (to - from)) / 3600);
      this.seconds = to;
    }
  }

  private take(wantedWh: number): void {
    const { batteryWh } = this.vehicle;
    const wh = Math.min(wantedWh, ((1 - this.soc) * batteryWh) / efficiency);
    this.energy += wh;
    this.soc += (wh * efficiency) / batteryWh;
    if (1 - this.soc < 1e-6) this.soc = 1;
  }
}
