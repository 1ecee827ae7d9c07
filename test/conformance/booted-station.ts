import type { ProtocolVersion } from '@ohmnibus/domain';
import { versions } from '@ohmnibus/ocpp';
import type { Operator } from '../operator.js';
import { RawSocket } from '../raw-socket.js';
import type { System } from '../system.js';

const boots: Record<ProtocolVersion, object> = {
  v15: { chargePointVendor: 'V', chargePointModel: 'M' },
  v16: { chargePointVendor: 'V', chargePointModel: 'M' },
  v201: { reason: 'PowerUp', chargingStation: { vendorName: 'V', model: 'M' } },
};

/** How many CALLs of one station are under way at once: fewer than a gateway lets wait. */
const window = 20;

/** A station that is accepted and writes whatever a test wants. */
export async function bootedStation(system: System, operator: Operator, id: string, version: ProtocolVersion): Promise<RawSocket> {
  await operator.knows(id);
  const socket = await RawSocket.open(`${system.ocppUrl('gateway-1')}/${id}`, { protocols: [versions[version].subprotocol] });
  const [type, , result] = await socket.call('BootNotification', boots[version]);
  if (type !== 3 || (result as { status?: string }).status !== 'Accepted') throw new Error(`${id} is not accepted: ${JSON.stringify(result)}`);
  return socket;
}

/** Sends all of these, many at a time, and resolves with the frames that answer them, in the same order. */
export async function answersTo(socket: RawSocket, action: string, payloads: readonly unknown[]): Promise<Awaited<ReturnType<RawSocket['call']>>[]> {
  const answers: Awaited<ReturnType<RawSocket['call']>>[] = [];
  for (let from = 0; from < payloads.length; from += window) {
    answers.push(...(await Promise.all(payloads.slice(from, from + window).map((payload) => socket.call(action, payload as object)))));
  }
  return answers;
}
