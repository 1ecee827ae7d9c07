import type { Database } from '@ohmnibus/database';

/** Whether the operator has uploaded a firmware image of this name. */
export function hasImage({ prisma }: Pick<Database, 'prisma'>): (tenant: string, name: string) => Promise<boolean> {
  return async (tenant, name) => (await prisma.storedFile.count({ where: { tenant, kind: 'firmware', owner: name } })) > 0;
}
