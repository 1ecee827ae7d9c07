/** The object inside a CALL or a CALLRESULT. */
export type Payload = Record<string, unknown>;

export type Frame =
  | { readonly kind: 'call'; readonly id: string; readonly action: string; readonly payload: Payload }
  | { readonly kind: 'result'; readonly id: string; readonly payload: Payload }
  | { readonly kind: 'error'; readonly id: string; readonly code: string; readonly description: string; readonly details: Payload };

/** Reads one OCPP-J frame; `undefined` if it is none, or of a message type that a station need not know. */
export function parseFrame(text: string): Frame | undefined {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(frame) || typeof frame[1] !== 'string') return undefined;
  const [type, id, third, fourth, fifth] = frame as [unknown, string, unknown, unknown, unknown];
  if (type === 2 && typeof third === 'string') return { kind: 'call', id, action: third, payload: asPayload(fourth) };
  if (type === 3) return { kind: 'result', id, payload: asPayload(third) };
  if (type === 4) {
    const description = typeof fourth === 'string' ? fourth : '';
    return { kind: 'error', id, code: String(third), description, details: asPayload(fifth) };
  }
  return undefined;
}

export function formatFrame(frame: Frame): string {
  if (frame.kind === 'call') return JSON.stringify([2, frame.id, frame.action, frame.payload]);
  if (frame.kind === 'result') return JSON.stringify([3, frame.id, frame.payload]);
  return JSON.stringify([4, frame.id, frame.code, frame.description, frame.details]);
}

/** The value itself if it is a JSON object, else an empty one. */
export function asPayload(value: unknown): Payload {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Payload) : {};
}
