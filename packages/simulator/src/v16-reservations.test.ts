import { describe, expect, test } from '@jest/globals';
import { eventually } from './test-support/eventually.js';
import { clock, csms, station, useStation } from './test-support/station-in-use.js';

useStation({ id: 'CP-16', protocol: 'ocpp1.6', evses: 2, heartbeatSeconds: 86_400 });

let ids = 100;
async function reserve(connectorId: number, more: object = {}): Promise<{ id: number; status: unknown }> {
  const id = ++ids;
  const payload = { reservationId: id, connectorId, idTag: 'GUEST', expiryDate: new Date(clock.now() + 600_000).toISOString(), ...more };
  const [, , answer] = await csms.call('ReserveNow', payload);
  return { id, status: (answer as { status: unknown }).status };
}
const statusIs = (evse: number, status: string) => eventually(`EVSE ${evse} is ${status}`, () => station.status.get(evse) === status);
const lastStart = () => csms.of('StartTransaction').at(-1)?.payload;

describe('a reserved connector', () => {
  test('says so, is used by its driver, and is free afterwards', async () => {
    const { id, status } = await reserve(1);
    expect(status).toBe('Accepted');
    await statusIs(1, 'Reserved');
    await station.startCharge({ evse: 1, token: 'guest' });
    expect(lastStart()).toMatchObject({ connectorId: 1, idTag: 'guest', reservationId: id });
    await station.unplug(1);
    await statusIs(1, 'Available');
    await station.startCharge({ evse: 1, token: 'GUEST' });
    expect(lastStart()).not.toHaveProperty('reservationId');
  });

  test('turns others away, unless the CSMS says that they are of the same parent', async () => {
    await reserve(1, { parentIdTag: 'Family' });
    csms.on('Authorize', ({ payload }) => ({ idTagInfo: { status: 'Accepted', ...(payload['idTag'] === 'KIN' && { parentIdTag: 'FAMILY' }) } }));
    await reserve(0, { idTag: 'STRANGER' });
    await expect(station.startCharge({ evse: 1, token: 'STRANGER' })).rejects.toThrow('reserved');
    await station.startCharge({ evse: 1, token: 'KIN' });
    expect(lastStart()).toMatchObject({ idTag: 'KIN', reservationId: ids - 1 });
  });

  test('refuses the remote start of another, and takes its own driver\'s where it was reserved', async () => {
    await reserve(2);
    expect((await csms.call('RemoteStartTransaction', { idTag: 'STRANGER', connectorId: 2 }))[2]).toEqual({ status: 'Rejected' });
    expect((await csms.call('RemoteStartTransaction', { idTag: 'GUEST' }))[2]).toEqual({ status: 'Accepted' });
    await csms.received('StartTransaction');
    expect(lastStart()).toMatchObject({ connectorId: 2, reservationId: ids });
  });

  test('is let go of when the time is over, also while nobody is connected', async () => {
    await reserve(1);
    await statusIs(1, 'Reserved');
    clock.advance(600_000);
    await statusIs(1, 'Available');
    await reserve(1);
    await statusIs(1, 'Reserved');
    await station.disconnect();
    expect(clock.pending).toEqual([]);
    clock.advance(600_000);
    await station.connect();
    await statusIs(1, 'Available');
  });

  test('is let go of when the CSMS says so, once', async () => {
    const { id } = await reserve(1);
    await statusIs(1, 'Reserved');
    expect((await csms.call('CancelReservation', { reservationId: id }))[2]).toEqual({ status: 'Accepted' });
    await statusIs(1, 'Available');
    expect((await csms.call('CancelReservation', { reservationId: id }))[2]).toEqual({ status: 'Rejected' });
  });

  test('moves with a reservation of the same id', async () => {
    const { id } = await reserve(1);
    expect((await reserve(2, { reservationId: id })).status).toBe('Accepted');
    await statusIs(2, 'Reserved');
    await statusIs(1, 'Available');
  });
});

describe('a reservation is refused', () => {
  test('with the reason', async () => {
    await station.plugIn(1);
    expect((await reserve(1)).status).toBe('Occupied');
    await station.reportStatus(2, 'Faulted');
    expect((await reserve(2)).status).toBe('Faulted');
    await station.reportStatus(2, 'Available');
    await csms.call('ChangeAvailability', { connectorId: 2, type: 'Inoperative' });
    expect((await reserve(2)).status).toBe('Unavailable');
    expect((await reserve(3)).status).toBe('Rejected');
    expect((await reserve(1, { expiryDate: new Date(clock.now()).toISOString() })).status).toBe('Rejected');
    const [type, , code] = await csms.call('ReserveNow', { reservationId: 1, connectorId: 1, idTag: 'A', expiryDate: 'soon' });
    expect([type, code]).toEqual([4, 'PropertyConstraintViolation']);
  });

  test('where others have reserved already, each connector or any of them', async () => {
    await reserve(1);
    expect((await reserve(1)).status).toBe('Occupied');
    expect((await reserve(0)).status).toBe('Accepted');
    expect((await reserve(0)).status).toBe('Occupied');
    await station.startCharge({ evse: 2, token: 'GUEST' });
    expect(lastStart()).toMatchObject({ connectorId: 2, reservationId: ids - 1 });
  });
});
