import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { version } from '../version.js';

/** The whole interface as OpenAPI 3.1: routes from the controllers, schemas from those that check requests. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const outline = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Ohmnibus')
    .setDescription('The operators\' interface of the charging station management system. Errors are problem documents (RFC 9457); lists are read page by page.')
    .setVersion(version)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key; it decides on the tenant' }, 'bearer')
    .build();
  const document = SwaggerModule.createDocument(app, outline, { operationIdFactory: (_, method) => method });
  return { ...document, components: { ...document.components, schemas: componentSchemas() } };
}

function componentSchemas(): NonNullable<NonNullable<OpenAPIObject['components']>['schemas']> {
  const { schemas } = z.toJSONSchema(z.globalRegistry, { uri: (id) => `#/components/schemas/${id}`, io: 'input', unrepresentable: 'any' });
  for (const schema of Object.values(schemas)) {
    delete schema.$id;
    delete schema.$schema;
  }
  return schemas as Record<string, object>;
}
