import { Fault } from '@ohmnibus/domain';
import { LocalFileStore, S3FileStore, Staging } from '@ohmnibus/files';
import { join } from 'node:path';
import type { FileParts } from './stored-files.js';

export interface FileSettings {
  readonly FILES_SECRET?: string | undefined;
  readonly FILES_FOLDER: string;
  readonly FILES_LIMIT_MB: number;
  readonly FILES_S3_URL?: string | undefined;
  readonly FILES_S3_REGION: string;
  readonly FILES_S3_ACCESS_KEY_ID?: string | undefined;
  readonly FILES_S3_SECRET_ACCESS_KEY?: string | undefined;
}

/** What the settings make of the file endpoint; undefined if there is none. A bucket needs the folder too, for files that are not complete. */
export function filePartsOf(settings: FileSettings): FileParts | undefined {
  if (settings.FILES_SECRET === undefined) return undefined;
  const { FILES_FOLDER: folder, FILES_LIMIT_MB, FILES_S3_URL: url, FILES_S3_REGION: region } = settings;
  const { FILES_S3_ACCESS_KEY_ID: accessKeyId, FILES_S3_SECRET_ACCESS_KEY: secretAccessKey } = settings;
  if (url !== undefined && (accessKeyId === undefined || secretAccessKey === undefined)) {
    throw new Fault('bad-value', 'a bucket (FILES_S3_URL) needs FILES_S3_ACCESS_KEY_ID and FILES_S3_SECRET_ACCESS_KEY');
  }
  const bucket = url !== undefined && accessKeyId !== undefined && secretAccessKey !== undefined ? { url, region, accessKeyId, secretAccessKey } : undefined;
  const store = bucket ? new S3FileStore(bucket) : new LocalFileStore(folder);
  return { store, staging: new Staging(join(folder, 'incomplete')), limitBytes: FILES_LIMIT_MB * 1024 * 1024 };
}
