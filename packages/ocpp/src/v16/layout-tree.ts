import { slotEnd, type SlotKind } from './slots.js';

/** A payload taken apart: `pieces[0] slot pieces[1] slot ... pieces[n]`. */
export interface Split {
  readonly pieces: readonly Buffer[];
  readonly kinds: readonly SlotKind[];
}

/** A piece that may stand at a place, and what comes after it: a slot and its successors, or the end of the payload. */
interface Branch<Layout> {
  readonly piece: DataView;
  readonly kind: SlotKind | undefined;
  readonly next: Branch<Layout>[];
  readonly layout: Layout | undefined;
}

/** What has more is left to those who parse. */
export const mostSlots = 500;

/**
 * Finds out by which of the known layouts a payload is written, letter by letter. Layouts that begin alike share their pieces, and what was met
 * last is tried first.
 */
export class LayoutTree<Layout> {
  private readonly root: Branch<Layout>[] = [];
  /** Where the slots of the payload that was looked up last begin and end. */
  readonly begins = new Int32Array(mostSlots + 1);
  readonly ends = new Int32Array(mostSlots + 1);
  size = 0;

  add({ pieces, kinds }: Split, layout: Layout): void {
    let branches = this.root;
    for (const [i, piece] of pieces.entries()) {
      const kind = kinds[i];
      let branch = branches.find((known) => known.kind === kind && known.piece.byteLength === piece.length && stands(known.piece, viewOf(piece), 0));
      if (!branch) branches.push((branch = { piece: viewOf(Uint8Array.from(piece)), kind, next: [], layout: kind ? undefined : layout }));
      branches = branch.next;
    }
    this.size++;
  }

  /** Undefined: by none of them. */
  find(payload: Buffer): Layout | undefined {
    const view = viewOf(payload);
    let branches = this.root;
    let at = 0;
    for (let slot = 0; slot <= mostSlots; slot++) {
      const branch = follow(branches, view, at);
      if (!branch) return undefined;
      at += branch.piece.byteLength;
      if (branch.kind === undefined) return at === payload.length ? branch.layout : undefined;
      this.begins[slot] = at;
      at = slotEnd(branch.kind, payload, at);
      if (at < 0) return undefined;
      this.ends[slot] = at;
      branches = branch.next;
    }
    return undefined;
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

function follow<Layout>(branches: Branch<Layout>[], payload: DataView, at: number): Branch<Layout> | undefined {
  for (let i = 0; i < branches.length; i++) {
    const branch = branches[i]!;
    if (!stands(branch.piece, payload, at)) continue;
    if (i > 0) {
      branches[i] = branches[i - 1]!;
      branches[i - 1] = branch;
    }
    return branch;
  }
  return undefined;
}

/** Four bytes at a time: for pieces of a hundred bytes that is quicker than a loop over bytes, and than a call out of JavaScript. */
function stands(piece: DataView, payload: DataView, at: number): boolean {
  const length = piece.byteLength;
  if (at + length > payload.byteLength) return false;
  let i = 0;
  for (; i + 4 <= length; i += 4) if (payload.getUint32(at + i) !== piece.getUint32(i)) return false;
  for (; i < length; i++) if (payload.getUint8(at + i) !== piece.getUint8(i)) return false;
  return true;
}
