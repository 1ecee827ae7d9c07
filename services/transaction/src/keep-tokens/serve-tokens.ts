import type { Bus, Serving } from '@ohmnibus/bus';
import { deleteToken, deleteTokenGroup, importTokens, putToken, putTokenGroup } from '@ohmnibus/contracts';
import type { KeepTokenGroups } from './keep-token-groups.js';
import type { KeepTokens } from './keep-tokens.js';

/** The questions about tokens that this service answers. */
export class ServeTokens {
  constructor(
    private readonly bus: Bus,
    private readonly tokens: KeepTokens,
    private readonly groups: KeepTokenGroups,
  ) {}

  start(): Serving[] {
    const { bus, tokens, groups } = this;
    return [
      bus.serve(putToken, {}, ({ tenant, ...token }) => tokens.put(tenant, token)),
      bus.serve(importTokens, {}, ({ tenant, tokens: all }) => tokens.putAll(tenant, all)),
      bus.serve(deleteToken, {}, ({ tenant, token }) => tokens.delete(tenant, token)),
      bus.serve(putTokenGroup, {}, ({ tenant, group, status, maxTransactions, note }) =>
        groups.put(tenant, { name: group, status, ...(maxTransactions !== null && { maxTransactions }) }, note),
      ),
      bus.serve(deleteTokenGroup, {}, ({ tenant, group }) => groups.delete(tenant, group)),
    ];
  }
}
