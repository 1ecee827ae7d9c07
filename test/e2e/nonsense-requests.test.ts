import { beforeAll, expect, test } from '@jest/globals';
import type { JsonSchema } from '@ohmnibus/testkit';
import { operator, system, useSystem } from '../running.js';
import { apiKey } from '../system.js';
import { oddBodies, oddTexts } from './nonsense.js';

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> };
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: NonNullable<JsonSchema['definitions']> };
}
interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

useSystem({ only: ['session', 'transaction', 'command', 'api'] });
beforeAll(async () => {
  await operator.knows('CS');
});

/** Keys of pages that no list has given. */
const oddKeys = [
  [],
  ['a'],
  [7],
  [2 ** 40],
  ['7'],
  ['9'.repeat(19)],
  ['\0', 1],
  ['0000-01-01T00:00:00Z', 1, 1],
  ['2026-01-01T00:00:00Z', 'CS'],
  ['2026-01-01T00:00:00Z', 2 ** 31, 'x'],
  ['2026-01-01T00:00:00Z', 2 ** 53, 1],
  ['+275760-09-13T00:00:00.000Z', 1, 1],
];

/** Half of a character has no percent-encoding of its own: it goes out as bytes that are no UTF-8. */
function encoded(text: string): string {
  return encodeURIComponent(text.replaceAll('\ud800', '\u0001')).replaceAll('%01', '%ED%A0%80');
}

/** Every route with every odd text in each of its parameters, one at a time, and with every odd body. */
function* requests({ paths, components: { schemas: definitions } }: Document): Generator<Request> {
  for (const [template, methods] of Object.entries(paths)) {
    const usual = template.includes('/stations/') ? 'CS' : '7';
    const filled = (odd: Record<string, string>) => template.replaceAll(/\{(\w+)\}/g, (_, name: string) => odd[name] ?? usual);
    for (const [method, { parameters = [], requestBody }] of Object.entries(methods)) {
      const schema = requestBody?.content['application/json']?.schema;
      const bodies = schema ? oddBodies({ definitions }, schema) : [];
      for (const body of bodies) yield { method, path: filled({}), body };
      for (const { name, in: where } of parameters) {
        for (const odd of oddTexts) {
          if (where === 'path') yield { method, path: filled({ [name]: encoded(odd) }), body: bodies[0] };
          if (where === 'query') yield { method, path: `${filled({})}?${name}=${encoded(odd)}` };
        }
        if (name === 'cursor') for (const key of oddKeys) yield { method, path: `${filled({})}?cursor=${Buffer.from(JSON.stringify(key)).toString('base64url')}` };
      }
    }
  }
}

async function statusOf({ method, path, body }: Request): Promise<number> {
  const response = await fetch(`${system.apiUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${apiKey}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  await response.arrayBuffer();
  return response.status;
}

test('no request, however odd, is answered as if something of ours were broken, or passed', async () => {
  const left = [...requests((await (await fetch(`${system.apiUrl}/api/openapi.json`)).json()) as Document)];
  const counts = { answered: 0, refused: 0 };
  const broken: string[] = [];
  const client = async () => {
    for (let request = left.pop(); request; request = left.pop()) {
      const status = await statusOf(request);
      if (status >= 500) broken.push(`${status} ${request.method} ${request.path} ${JSON.stringify(request.body)?.slice(0, 500) ?? ''}`);
      counts[status < 400 ? 'answered' : 'refused'] += 1;
    }
  };
  await Promise.all(Array.from({ length: 8 }, client));
  expect(broken).toEqual([]);
  expect(system.defects()).toEqual([]);
  // Most is refused, and what is only unusual is not.
  expect(counts.refused).toBeGreaterThan(5_000);
  expect(counts.answered).toBeGreaterThan(300);
}, 180_000);
