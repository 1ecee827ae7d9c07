import { imageName } from '@ohmnibus/contracts';
import { z } from 'zod';
import { isoTime, pageSchema, paging } from '../http/page.js';

export const imageSchema = z
  .object({
    name: z.string(),
    size: z.int().meta({ description: 'In bytes' }),
    sha256: z.string().meta({ description: 'In hexadecimal digits' }),
    uploadedAt: isoTime,
  })
  .meta({ id: 'FirmwareImage' });
export type FirmwareImage = z.infer<typeof imageSchema>;

export const imagePage = pageSchema('FirmwareImagePage', imageSchema);
export const imageQuery = z.strictObject(paging);
export const imageParam = imageName;
