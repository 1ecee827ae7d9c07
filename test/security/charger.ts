import { expect } from '@jest/globals';
import { eventually } from '@ohmnibus/testkit';
import { RawSocket, refusal, type RawSocketOptions } from '../raw-socket.js';

/** A frame that was received. */
export interface Asked {
  readonly id: string;
  readonly payload: { readonly key: string; readonly value: string };
}

export const basic = (station: string, password: string | Buffer): RawSocketOptions => ({
  headers: { authorization: `Basic ${Buffer.concat([Buffer.from(`${station}:`), Buffer.from(password as string)]).toString('base64')}` },
});

/** A 1.6 charger that proves who it is by a password, and keeps the one that it is given. */
export class Charger {
  socket: RawSocket | undefined;
  /** All that it ever had. */
  readonly passwords: string[];
  private seen = 0;

  constructor(
    private readonly endpoint: string,
    readonly id: string,
    password: string,
  ) {
    this.passwords = [password];
  }

  get password(): string {
    return this.passwords.at(-1)!;
  }

  /** Keys of forty digits are sent as their bytes (J16 6.2.2). */
  credentials(password = this.password): RawSocketOptions {
    return basic(this.id, /^[0-9a-f]{40}$/.test(password) ? Buffer.from(password, 'hex') : password);
  }

  /** Comes in with its own password; whoever is refused here is locked out. */
  async connect(): Promise<this> {
    const before = this.socket;
    this.socket = await RawSocket.open(`${this.endpoint}/${this.id}`, this.credentials());
    this.seen = 0;
    before?.terminate();
    const [type] = await this.socket.call('BootNotification', { chargePointVendor: 'Ohmnibus', chargePointModel: 'Charger' });
    expect(type).toBe(3);
    return this;
  }

  /** The next change of configuration that it is asked for. */
  async asked(): Promise<Asked> {
    const frames = () => this.socket!.calls('ChangeConfiguration');
    await eventually(`${this.id} is asked to change something`, () => frames().length > this.seen);
    const [, id, , payload] = frames()[this.seen++]!;
    return { id: String(id), payload: payload as Asked['payload'] };
  }

  /** Keeps a new password, whatever it says of it. */
  take({ payload }: Asked): void {
    expect(payload.key).toBe('AuthorizationKey');
    this.passwords.push(payload.value);
  }

  answer({ id }: Asked, status: string): void {
    this.socket!.send(JSON.stringify([3, id, { status }]));
  }

  /** The HTTP status that another password than its own gets. */
  refusal(password: string): Promise<number> {
    return refusal(`${this.endpoint}/${this.id}`, this.credentials(password));
  }
}
