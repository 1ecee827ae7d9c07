import { expect, test } from '@jest/globals';
import { LocalFileStore, S3FileStore } from '@ohmnibus/files';
import { filePartsOf, type FileSettings } from './file-parts.js';

const settings: FileSettings = { FILES_SECRET: 'a secret of these tests', FILES_FOLDER: '/nowhere', FILES_LIMIT_MB: 2, FILES_S3_REGION: 'us-east-1' };
const bucket = { FILES_S3_URL: 'https://s3.example.com/bucket', FILES_S3_ACCESS_KEY_ID: 'AKIA', FILES_S3_SECRET_ACCESS_KEY: 'secret' };

test('without a secret there is no file endpoint', () => {
  expect(filePartsOf({ ...settings, FILES_SECRET: undefined })).toBeUndefined();
});

test('files are in the folder, or in the bucket if there is one', () => {
  expect(filePartsOf(settings)).toMatchObject({ store: expect.any(LocalFileStore), limitBytes: 2 * 1024 * 1024 });
  expect(filePartsOf({ ...settings, ...bucket })?.store).toBeInstanceOf(S3FileStore);
});

test.each(['FILES_S3_ACCESS_KEY_ID', 'FILES_S3_SECRET_ACCESS_KEY'])('a bucket without %s is a mistake that is noticed at the start', (missing) => {
  expect(() => filePartsOf({ ...settings, ...bucket, [missing]: undefined })).toThrow(missing);
});
