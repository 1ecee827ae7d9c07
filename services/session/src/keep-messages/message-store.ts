import { directions, type Stretch } from '@ohmnibus/contracts';
import { byteaArray, InsertNew, int4Array, int8Array, textArray, timestamptzArray, type Database } from '@ohmnibus/database';

const keepMessages = (passOver: string) => `
  INSERT INTO message_log (tenant, station, ended_at, epoch, direction, frame, protocol, began_at, count, exchanges)
  SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::int8[], $5::int4[], $6::int8[], $7::text[], $8::timestamptz[], $9::int4[], $10::bytea[])
  ${passOver}`;

/** The frames that crossed the wire, in the stretches in which gateways pass them on: what is in one is looked into when somebody asks. */
export class MessageStore {
  private readonly stretches: InsertNew;

  constructor(database: Database) {
    this.stretches = new InsertNew(database, 'keep-messages', keepMessages);
  }

  /** Stores packs of stretches in one commit; a stretch that is there already is not stored again. */
  async keep(packs: readonly (readonly Stretch[])[]): Promise<void[]> {
    const stretches = packs.length === 1 ? packs[0]! : packs.flat();
    await this.stretches.run([
      textArray(stretches, ({ tenant }) => tenant),
      textArray(stretches, ({ station }) => station),
      timestamptzArray(stretches, ({ endedAt }) => endedAt),
      int8Array(stretches, ({ epoch }) => epoch),
      int4Array(stretches, ({ direction }) => directions.indexOf(direction)),
      int8Array(stretches, ({ frame }) => frame),
      textArray(stretches, ({ protocol }) => protocol),
      timestamptzArray(stretches, ({ beganAt }) => beganAt),
      int4Array(stretches, ({ count }) => count),
      byteaArray(stretches, ({ exchanges }) => exchanges),
    ]);
    return Array.from<void>({ length: packs.length });
  }
}
