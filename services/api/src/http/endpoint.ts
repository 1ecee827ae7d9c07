import { applyDecorators, HttpCode, RequestMapping, RequestMethod, SetMetadata } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiOperation, ApiParam, ApiQuery, ApiResponse, ApiSecurity } from '@nestjs/swagger';
import { z } from 'zod';
import { problemSchema } from './problem.js';

const methods = { get: RequestMethod.GET, put: RequestMethod.PUT, post: RequestMethod.POST, delete: RequestMethod.DELETE };

export const openToAll = Symbol('open to all');

export interface EndpointOptions {
  readonly summary: string;
  readonly tag: string;
  /** What each name in the path is. */
  readonly params?: Record<string, string>;
  readonly query?: z.ZodObject;
  /** Schemas with an id, of bodies and answers, become components of the document. */
  readonly body?: z.ZodType;
  /** The body is a file as it is, which the handler reads from the request itself. */
  readonly upload?: string;
  readonly headers?: Record<string, string>;
  /** By status; null: no body; `file`: any bytes. The first one is what the handler answers with if it does not say otherwise. */
  readonly answers: Record<number, { readonly description: string; readonly schema: z.ZodType | 'file' | null }>;
  /** Beside those that any endpoint may answer with. */
  readonly problems?: Record<number, string>;
  /** Needs no API key. */
  readonly open?: boolean;
}

const anywhere = { 400: 'The request is not valid', 401: 'The API key is missing or not known', 500: 'A defect', 503: 'A part of the system cannot be reached' };

/** A route and its whole description, from the very schemas that check the request. */
export function Endpoint(method: keyof typeof methods, path: string, options: EndpointOptions): MethodDecorator {
  const statuses = Object.keys(options.answers).map(Number);
  const described = { ...(options.open ? { 500: anywhere[500] } : anywhere), ...options.problems };
  return applyDecorators(
    RequestMapping({ method: methods[method], path: path.replaceAll(/\{(\w+)\}/g, ':$1') }),
    HttpCode(statuses[0]!),
    ApiOperation({ summary: options.summary, tags: [options.tag] }),
    ...(options.open ? [SetMetadata(openToAll, true)] : [ApiSecurity('bearer')]),
    ...Object.entries(options.params ?? {}).map(([name, description]) => ApiParam({ name, description, schema: { type: 'string' } })),
    ...queryParameters(options.query),
    ...Object.entries(options.headers ?? {}).map(([name, description]) => ApiHeader({ name, description, required: false })),
    ...(options.body ? [ApiBody({ schema: reference(options.body), required: !options.body.safeParse({}).success })] : []),
    ...(options.upload === undefined ? [] : [ApiConsumes('application/octet-stream'), ApiBody({ description: options.upload, schema: bytes, required: true })]),
    ...Object.entries(options.answers).map(([status, { description, schema }]) =>
      ApiResponse({ status: Number(status), description, ...(schema && { content: contentOf(schema) }) }),
    ),
    ...Object.entries(described).map(([status, description]) =>
      ApiResponse({ status: Number(status), description, content: { 'application/problem+json': { schema: reference(problemSchema) } } }),
    ),
  );
}

const bytes = { type: 'string', format: 'binary' };

function contentOf(schema: z.ZodType | 'file'): Record<string, { schema: object }> {
  return schema === 'file' ? { 'application/octet-stream': { schema: bytes } } : { 'application/json': { schema: reference(schema) } };
}

function queryParameters(query: z.ZodObject | undefined): MethodDecorator[] {
  if (!query) return [];
  const { properties = {}, required = [] } = z.toJSONSchema(query, { io: 'input' });
  return Object.entries(properties).map(([name, schema]) => {
    const { description, ...rest } = schema as { description?: string };
    return ApiQuery({ name, required: required.includes(name), ...(description && { description }), schema: rest });
  });
}

function reference(schema: z.ZodType): { $ref: string } {
  const id = schema.meta()?.id;
  if (id === undefined) throw new Error('a schema in an endpoint needs an id');
  return { $ref: `#/components/schemas/${id}` };
}
