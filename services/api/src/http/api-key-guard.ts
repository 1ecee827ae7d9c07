import { createParamDecorator, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Fault } from '@ohmnibus/domain';
import type { Request } from 'express';
import type { ApiKeys, KeyHolder } from './api-keys.js';
import { openToAll } from './endpoint.js';

const holders = new WeakMap<Request, KeyHolder>();

/** Lets in who has an API key; its tenant is all that the request sees. */
export class ApiKeyGuard implements CanActivate {
  constructor(private readonly keys: ApiKeys) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (Reflect.getMetadata(openToAll, context.getHandler()) === true) return true;
    const request = context.switchToHttp().getRequest<Request>();
    const apiKey = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
    if (apiKey === undefined) throw new Fault('unauthenticated', 'the Authorization header holds no bearer token');
    const holder = await this.keys.find(apiKey);
    if (!holder) throw new Fault('unauthenticated', 'the API key is not known');
    holders.set(request, holder);
    return true;
  }
}

export function holderOf(request: Request): KeyHolder | undefined {
  return holders.get(request);
}

/** A handler's parameter: whose API key the request has. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext) => holders.get(context.switchToHttp().getRequest<Request>()));
