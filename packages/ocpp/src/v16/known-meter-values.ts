import { registerWh, WrittenSamples, type Origin, type SampleReport } from '@ohmnibus/domain';
import type { Shortcut } from '../message.js';
import { readTime } from '../validation.js';
import { evseOf } from './evse.js';
import { LayoutTree, type Split } from './layout-tree.js';
import { filled, layoutOf, plain, splitPayload, type MeterLayout } from './meter-layout.js';
import { plainMoment } from './slots.js';

/** A fleet has some dozens. When there are more, they are learnt anew. */
const mostLayouts = 1_000;
/** To learn one takes as long as to understand several payloads: who makes up new ones all the time costs no more than this. */
const learnEveryMs = 50;

const zero = 0x30;

/**
 * Stations say the same again and again, save for a few numbers. How such a payload is laid out is learnt from what the long way, which parses,
 * checks and translates, makes of payloads that differ in these numbers alone; the next one is only compared with it, and its samples are
 * written without having been objects. What is not known letter by letter goes the long way.
 */
export class KnownMeterValues implements Shortcut<SampleReport> {
  private layouts = new LayoutTree<MeterLayout>();
  private learnAfter = -Infinity;

  constructor(private readonly restMs = learnEveryMs) {}

  read(payload: Buffer, origin: Origin): SampleReport | undefined {
    return readBy(this.layouts, payload, origin);
  }

  learn(payload: Buffer, understand: (payload: string) => SampleReport): void {
    const now = performance.now();
    if (now < this.learnAfter) return;
    this.learnAfter = now + this.restMs;
    const split = splitPayload(payload);
    const layout = split && learnt(split, understand);
    if (!layout) return;
    if (this.layouts.size >= mostLayouts) this.layouts = new LayoutTree();
    this.layouts.add(split, layout);
  }
}

/** Undefined where this is none to learn from, such as where it is refused with other numbers in it. */
function learnt(split: Split, understand: (payload: string) => SampleReport): MeterLayout | undefined {
  try {
    const layout = layoutOf(split, 1_001, understand(filled(split, 1_001)));
    return layout && isRight(split, layout, understand) ? layout : undefined;
  } catch {
    return undefined;
  }
}

/** Whether both ways come to the same with yet other numbers. */
function isRight(split: Split, layout: MeterLayout, understand: (payload: string) => SampleReport): boolean {
  const layouts = new LayoutTree<MeterLayout>();
  layouts.add(split, layout);
  const payload = filled(split, 5_002);
  const longWay = understand(payload);
  const shortcut = readBy(layouts, Buffer.from(payload), longWay.origin);
  if (!shortcut || !(shortcut.samples instanceof WrittenSamples) || longWay.samples instanceof WrittenSamples) return false;
  return JSON.stringify(shortcut) === JSON.stringify(longWay) && shortcut.samples.text === JSON.stringify(longWay.samples) && shortcut.samples.registerWh === registerWh(longWay.samples);
}

function readBy(layouts: LayoutTree<MeterLayout>, payload: Buffer, origin: Origin): SampleReport | undefined {
  const layout = layouts.find(payload);
  if (!layout) return undefined;
  const { begins, ends } = layouts;
  const letters = payload.toString('latin1');
  const number = (slot: number) => Number(letters.slice(begins[slot], ends[slot]));
  let first: Date | undefined;
  let text = '';
  for (const { before, slot, kind, scaled } of layout.written) {
    text += before;
    if (kind === 'time') {
      const written = letters.slice(begins[slot], ends[slot]);
      const moment = plainMoment(payload, begins[slot]!, ends[slot]!);
      const at = moment ?? readTime(written);
      if (Number.isNaN(at.getTime())) return undefined;
      first ??= at;
      text += moment ? written : at.toISOString();
    } else if (scaled) text += plain(number(slot));
    // What does not end with a zero is written as it was read.
    else text += payload[ends[slot]! - 1] === zero ? number(slot) : letters.slice(begins[slot], ends[slot]);
  }
  text += layout.after;
  const { register } = layout;
  const wh = register && (register.scaled ? plain(number(register.slot)) : number(register.slot));
  const transaction = layout.transaction === undefined ? undefined : { number: number(layout.transaction) };
  return { origin, evse: evseOf(number(layout.connector)), transaction, samples: new WrittenSamples(first!, wh, text) };
}
