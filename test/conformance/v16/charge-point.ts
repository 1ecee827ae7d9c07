import { eventually } from '@ohmnibus/testkit';
import { RPCClient } from 'ocpp-rpc';
import type { Payload } from '@ohmnibus/simulator';

type Frame = readonly [type: number, id: string, ...rest: unknown[]];
type Answer = Payload | ((request: Payload) => Payload | Promise<Payload>);

export interface ChargePointOptions {
  readonly password?: string;
}

/**
 * The station of a certification case, played by a client that is not ours and that holds every frame of either direction against the
 * official schemas. It does nothing by itself.
 */
export class ChargePoint {
  /** Every frame in the order in which it went over the wire. */
  readonly frames: { readonly sent: boolean; readonly frame: Frame; readonly text: string }[] = [];

  private constructor(
    readonly id: string,
    private readonly client: InstanceType<typeof RPCClient>,
  ) {
    client.on('message', ({ message, outbound }: { message: unknown; outbound: boolean }) => {
      this.frames.push({ sent: outbound, frame: JSON.parse(String(message)) as Frame, text: String(message) });
    });
  }

  /** Connects and, as certification cases begin, boots. */
  static async boot(url: string, id: string, options: ChargePointOptions = {}): Promise<ChargePoint> {
    const point = await ChargePoint.connect(url, id, options);
    await point.call('BootNotification', { chargePointVendor: 'Cert', chargePointModel: 'CP16' });
    return point;
  }

  /** Connects without a word, as after a loss of the connection alone. */
  static async connect(url: string, id: string, { password }: ChargePointOptions = {}): Promise<ChargePoint> {
    const options = { endpoint: url, identity: id, ...(password !== undefined && { password }), protocols: ['ocpp1.6'], strictMode: true, reconnect: false };
    const point = new ChargePoint(id, new RPCClient(options as ConstructorParameters<typeof RPCClient>[0]));
    await point.client.connect();
    return point;
  }

  /** The payload of the CALLRESULT; rejects for a CALLERROR. */
  async call(action: string, payload: Payload): Promise<Payload> {
    return (await this.client.call(action, payload)) as Payload;
  }

  status(connectorId: number, status: string): Promise<Payload> {
    return this.call('StatusNotification', { connectorId, status, errorCode: 'NoError', timestamp: new Date().toISOString() });
  }

  /** What it says to an action from now on. */
  answers(action: string, answer: Answer): void {
    this.client.handle(action, ({ params }: { params?: unknown }) => Promise.resolve(typeof answer === 'function' ? answer(params as Payload) : answer));
  }

  /** Payloads of the CALLs of this name that came from the central system. */
  received(action: string): Payload[] {
    return this.frames.filter(({ sent, frame: [type, , name] }) => !sent && type === 2 && name === action).map(({ frame }) => frame[3] as Payload);
  }

  /** Resolves with the payload of the nth such CALL, once it has come. */
  whenReceived(action: string, nth = 1): Promise<Payload> {
    return eventually(`${this.id} receives ${action} number ${nth}`, () => this.received(action)[nth - 1]);
  }

  /** Names of all CALLs of either side, in their order. */
  get actions(): string[] {
    return this.frames.filter(({ frame: [type] }) => type === 2).map(({ frame }) => String(frame[2]));
  }

  /** The socket is gone without a word, as by a loss of power. */
  cut(): void {
    void this.client.close({ force: true, code: 1000 }).catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.client.close({ code: 1000 });
  }
}
