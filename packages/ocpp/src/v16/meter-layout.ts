import { inPlainUnit, registerWh, type SampleReport, type WrittenSamples } from '@ohmnibus/domain';
import { mostSlots, type Split } from './layout-tree.js';
import { slotEnd, type SlotKind } from './slots.js';

/** What is written between the constant texts: a slot of the payload. */
interface Written {
  readonly before: string;
  readonly slot: number;
  readonly kind: SlotKind;
  /** In thousands, as kWh are: written in plain units. */
  readonly scaled: boolean;
}

/** What the slots of a payload mean, and how its samples are written. */
export interface MeterLayout {
  readonly connector: number;
  /** Undefined: outside transactions. */
  readonly transaction: number | undefined;
  /** The energy register. */
  readonly register: Pick<Written, 'slot' | 'scaled'> | undefined;
  readonly written: readonly Written[];
  readonly after: string;
}

/** A field whose value may be a slot; a text is what it is in whatever object it stands. */
const field = /"(?:(connectorId|transactionId)"\s*:|(timestamp|value)"\s*:\s*")/g;

/** The value of a slot in thousands, in plain units: every prefix of a unit is kilo. */
export function plain(value: number): number {
  return inPlainUnit(value, 'kWh').value;
}

/** Takes a payload apart at all of its slots; undefined: some field is not written as a slot can be. */
export function splitPayload(payload: Buffer): Split | undefined {
  const text = payload.toString('latin1');
  // An escape may make a key of what does not look like it; letters beyond ASCII are not the letters that they are taken for here.
  if (text.includes('\\') || /[^ -~\s]/.test(text)) return undefined;
  const pieces: Buffer[] = [];
  const kinds: SlotKind[] = [];
  let pieceFrom = 0;
  for (const { 0: found, 1: number, 2: quoted, index } of text.matchAll(field)) {
    const begin = index + found.length;
    const kind = number ? 'number' : quoted === 'value' ? 'decimal' : 'time';
    const end = slotEnd(kind, payload, begin);
    if (end < 0 || (quoted && text[end] !== '"') || kinds.length === mostSlots) return undefined;
    pieces.push(payload.subarray(pieceFrom, begin));
    kinds.push(kind);
    pieceFrom = end;
  }
  pieces.push(payload.subarray(pieceFrom));
  return { pieces, kinds };
}

const firstMoment = Date.UTC(2026, 0, 1);

/** A payload of the same layout, in which every slot holds something else. */
export function filled({ pieces, kinds }: Split, from: number): string {
  const values = kinds.map((kind, slot) => (kind === 'time' ? momentOf(slot, from).toISOString() : String(numberOf(slot, from))));
  return pieces.map((piece, i) => piece.toString('latin1') + (values[i] ?? '')).join('');
}

/** Below a thousand thousand, so that no value is a thousandfold of another. */
function numberOf(slot: number, from: number): number {
  return from + slot;
}

function momentOf(slot: number, from: number): Date {
  return new Date(firstMoment + (from + slot) * 60_000 + from);
}

/**
 * What the slots mean, by what the long way made of `filled(split, from)`; undefined where it made something else of one of them than a value,
 * or nothing.
 */
export function layoutOf({ kinds }: Split, from: number, { evse, transaction, samples, flags }: SampleReport): MeterLayout | undefined {
  if (!isList(samples) || samples.length === 0 || flags) return undefined;
  const unused = new Set(kinds.keys());
  const take = (kind: SlotKind, fits: (slot: number) => boolean): number => {
    const slot = [...unused].find((one) => kinds[one] === kind && fits(one));
    if (slot === undefined) throw new RangeError('no slot has this value');
    unused.delete(slot);
    return slot;
  };
  const number = (value: number) => take('number', (slot) => numberOf(slot, from) === value);
  const decimal = (value: number | undefined) => {
    const slot = take('decimal', (one) => value === numberOf(one, from) || value === plain(numberOf(one, from)));
    return { slot, scaled: value !== numberOf(slot, from) };
  };
  const written: Written[] = [];
  let text = '[';
  const write = (part: Omit<Written, 'before'>) => {
    written.push({ ...part, before: text });
    text = '';
  };
  try {
    for (const [i, { at, values }] of samples.entries()) {
      text += `${i > 0 ? ',' : ''}{"at":"`;
      write({ kind: 'time', slot: take('time', (slot) => momentOf(slot, from).getTime() === at.getTime()), scaled: false });
      text += '","values":[';
      for (const [k, { value, ...rest }] of values.entries()) {
        text += `${k > 0 ? ',' : ''}{"value":`;
        write({ kind: 'decimal', ...decimal(value) });
        const others = JSON.stringify(rest).slice(1);
        text += others === '}' ? others : `,${others}`;
      }
      text += ']}';
    }
    const register = registerWh(samples);
    const layout = {
      connector: number(evse.evse),
      transaction: transaction && 'number' in transaction ? number(transaction.number) : undefined,
      register: written.find(({ kind, slot, scaled }) => kind === 'decimal' && register === (scaled ? plain(numberOf(slot, from)) : numberOf(slot, from))),
      written,
      after: `${text}]`,
    };
    return unused.size === 0 ? layout : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function isList(samples: SampleReport['samples']): samples is Exclude<SampleReport['samples'], WrittenSamples> {
  return Array.isArray(samples);
}
