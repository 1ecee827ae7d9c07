import { expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { raw, useApi } from '../api-fixture.js';

useApi();

interface Operation {
  operationId: string;
  summary: string;
  parameters?: { name: string; in: string; schema: object }[];
  requestBody?: object;
  responses: Record<string, { content?: Record<string, { schema: { $ref: string } }> }>;
  security?: object[];
}

/** What there is, by hand: a route that goes missing or appears is noticed. */
const routes = [
  'delete /api/v1/certificate-authorities/{id}',
  'delete /api/v1/charging-profiles/{id}',
  'delete /api/v1/configuration-templates/{name}',
  'delete /api/v1/firmware/{name}',
  'delete /api/v1/log-uploads/{id}/file',
  'delete /api/v1/quirk-profiles/{name}',
  'delete /api/v1/reservations/{id}',
  'delete /api/v1/stations/{id}',
  'delete /api/v1/stations/{id}/certificates/{certificate}',
  'delete /api/v1/token-groups/{group}',
  'delete /api/v1/tokens/{token}',
  'get /api/v1/certificate-authorities',
  'get /api/v1/certificate-authorities/{id}',
  'get /api/v1/certificate-requests',
  'get /api/v1/certificate-requests/{id}',
  'get /api/v1/charging-profiles',
  'get /api/v1/charging-profiles/{id}',
  'get /api/v1/commands/{id}',
  'get /api/v1/configuration-templates',
  'get /api/v1/configuration-templates/{name}',
  'get /api/v1/drifts',
  'get /api/v1/firmware',
  'get /api/v1/firmware-updates',
  'get /api/v1/firmware-updates/{id}',
  'get /api/v1/firmware/{name}',
  'get /api/v1/firmware/{name}/file',
  'get /api/v1/log-uploads',
  'get /api/v1/log-uploads/{id}',
  'get /api/v1/log-uploads/{id}/file',
  'get /api/v1/newcomers',
  'get /api/v1/quarantine',
  'get /api/v1/quarantine/{id}',
  'get /api/v1/quirk-profiles',
  'get /api/v1/quirk-profiles/{name}',
  'get /api/v1/refused-events',
  'get /api/v1/refused-events/{id}',
  'get /api/v1/reservations',
  'get /api/v1/reservations/{id}',
  'get /api/v1/security-events',
  'get /api/v1/settings',
  'get /api/v1/stations',
  'get /api/v1/stations/{id}',
  'get /api/v1/stations/{id}/certificates',
  'get /api/v1/stations/{id}/charging-profiles',
  'get /api/v1/stations/{id}/clock',
  'get /api/v1/stations/{id}/commands',
  'get /api/v1/stations/{id}/configuration',
  'get /api/v1/stations/{id}/configuration/drift',
  'get /api/v1/stations/{id}/connection',
  'get /api/v1/stations/{id}/local-list',
  'get /api/v1/stations/{id}/messages',
  'get /api/v1/stations/{id}/progress-reports',
  'get /api/v1/stations/{id}/security-events',
  'get /api/v1/stations/{id}/settings',
  'get /api/v1/stations/{id}/statuses',
  'get /api/v1/token-groups',
  'get /api/v1/token-groups/{group}',
  'get /api/v1/tokens',
  'get /api/v1/tokens/{token}',
  'get /api/v1/transactions',
  'get /api/v1/transactions/{id}',
  'get /api/v1/transactions/{id}/events',
  'get /api/v1/transactions/{id}/samples',
  'get /api/v1/version',
  'post /api/v1/certificate-authorities',
  'post /api/v1/certificate-requests/{id}/approve',
  'post /api/v1/certificate-requests/{id}/deny',
  'post /api/v1/certificate-requests/{id}/revoke',
  'post /api/v1/charging-profiles',
  'post /api/v1/quarantine/{id}/merge',
  'post /api/v1/quarantine/{id}/replay',
  'post /api/v1/quarantine/{id}/resolve',
  'post /api/v1/refused-events/{id}/replay',
  'post /api/v1/refused-events/{id}/resolve',
  'post /api/v1/stations/{id}/approve',
  'post /api/v1/stations/{id}/availability',
  'post /api/v1/stations/{id}/certificates',
  'post /api/v1/stations/{id}/certificates/refresh',
  'post /api/v1/stations/{id}/certificates/renew',
  'post /api/v1/stations/{id}/charging-profiles',
  'post /api/v1/stations/{id}/charging-profiles/clear',
  'post /api/v1/stations/{id}/clear-cache',
  'post /api/v1/stations/{id}/commands',
  'post /api/v1/stations/{id}/composite-schedule',
  'post /api/v1/stations/{id}/configuration/apply',
  'post /api/v1/stations/{id}/configuration/refresh',
  'post /api/v1/stations/{id}/disconnect',
  'post /api/v1/stations/{id}/firmware-updates',
  'post /api/v1/stations/{id}/local-list/sync',
  'post /api/v1/stations/{id}/log-uploads',
  'post /api/v1/stations/{id}/password/rotate',
  'post /api/v1/stations/{id}/refuse',
  'post /api/v1/stations/{id}/reservations',
  'post /api/v1/stations/{id}/reset',
  'post /api/v1/stations/{id}/security-profile/raise',
  'post /api/v1/stations/{id}/start',
  'post /api/v1/stations/{id}/stop',
  'post /api/v1/stations/{id}/trigger',
  'post /api/v1/stations/{id}/unlock',
  'post /api/v1/stations/{id}/vendor-message',
  'post /api/v1/tokens/import',
  'post /api/v1/transactions/{id}/close',
  'put /api/v1/certificate-requests/{id}/certificate',
  'put /api/v1/charging-profiles/{id}',
  'put /api/v1/configuration-templates/{name}',
  'put /api/v1/firmware/{name}',
  'put /api/v1/quirk-profiles/{name}',
  'put /api/v1/settings',
  'put /api/v1/stations/{id}',
  'put /api/v1/stations/{id}/configuration/{key}',
  'put /api/v1/stations/{id}/settings',
  'put /api/v1/token-groups/{group}',
  'put /api/v1/tokens/{token}',
];

test('the OpenAPI document is valid and describes every route completely', async () => {
  const { body } = await raw('/api/openapi.json');
  const document = body as { paths: Record<string, Record<string, Operation>>; components: { schemas: object; securitySchemes: object } };
  const checked = await new Validator().validate(structuredClone(document));
  expect(checked).toMatchObject({ valid: true });

  const operations = Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => [`${method} ${path}`, operation] as const));
  expect(operations.map(([route]) => route).toSorted()).toEqual(routes);
  expect(new Set(operations.map(([, { operationId }]) => operationId)).size).toBe(routes.length);
  expect(document.components.securitySchemes).toMatchObject({ bearer: { type: 'http', scheme: 'bearer' } });

  for (const [route, { summary, parameters = [], requestBody, responses, security }] of operations) {
    const open = route.endsWith('/version');
    expect([route, summary.length > 5, security]).toEqual([route, true, open ? undefined : [{ bearer: [] }]]);
    const named = [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect([route, parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)]).toEqual([route, named]);
    expect([route, requestBody !== undefined]).toEqual([route, /^put|^post(?!.*(?:disconnect|certificate-requests.*approve|revoke))/.test(route)]);
    expect([route, Object.keys(responses)]).toEqual([route, expect.arrayContaining(open ? ['200', '500'] : ['400', '401', '500', '503'])]);
    for (const [status, { content }] of Object.entries(responses)) {
      if (status === '204') continue;
      const [type, { schema }] = Object.entries(content!)[0]!;
      const file = route.startsWith('get') && route.endsWith('/file') ? 'application/octet-stream' : 'application/json';
      expect([route, status, type]).toEqual([route, status, Number(status) < 300 ? file : 'application/problem+json']);
      if (type === 'application/octet-stream') continue;
      expect(Object.keys(document.components.schemas)).toContain(schema.$ref.replace('#/components/schemas/', ''));
    }
  }
});
