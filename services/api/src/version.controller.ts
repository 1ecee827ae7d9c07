import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { Endpoint } from './http/endpoint.js';
import { version } from './version.js';

const versionSchema = z.object({ name: z.literal('ohmnibus'), version: z.string() }).meta({ id: 'Version' });

@Controller('version')
export class VersionController {
  @Endpoint('get', '', { tag: 'System', summary: 'Which release this is', open: true, answers: { 200: { description: 'The release', schema: versionSchema } } })
  getVersion(): z.infer<typeof versionSchema> {
    return { name: 'ohmnibus', version };
  }
}
