import { describe, expect, test } from '@jest/globals';
import { FileLinks, openLink } from './file-links.js';

const secret = 'the secret of these tests';
const links = new FileLinks(secret, 'https://csms.example.com/base/');
const now = new Date('2026-03-01T12:00:00Z');
const later = new Date('2026-03-01T13:00:00.500Z');
const image = { tenant: 'acme', kind: 'firmware', owner: 'wallbox-2.1.bin' } as const;
const log = { tenant: 'Ä / b', kind: 'log', owner: '00000000-0000-4000-8000-000000000000' } as const;

const pathOf = (url: string) => url.slice('https://csms.example.com/base/files'.length);
const refused = (code: string) => expect.objectContaining({ code });

describe('a link', () => {
  test('to an image begins at the public address and ends in its name', () => {
    const url = links.toDownload(image, later);
    expect(url).toMatch(/^https:\/\/csms\.example\.com\/base\/files\/get\/[^?#]*\/wallbox-2\.1\.bin$/);
    expect(openLink(secret, pathOf(url), now)).toEqual({ ...image, verb: 'get', name: '' });
  });

  test('to a folder takes whatever name the station appends, with or without a slash', () => {
    const path = pathOf(links.toUpload(log, later));
    const names = [path, path.slice(0, -1), `${path}diag.zip`, `${path}/diag%20%C3%A4.zip`, `${path}a/b.zip`].map((uri) => openLink(secret, uri, now).name);
    expect(names).toEqual(['', '', 'diag.zip', 'diag ä.zip', 'a/b.zip']);
    expect(openLink(secret, path, now)).toMatchObject(log);
  });

  test('is short enough for the 512 characters that OCPP has for it', () => {
    const longest = new FileLinks(secret, `https://${'a'.repeat(80)}.example.com/${'b'.repeat(40)}`);
    expect(longest.toDownload({ tenant: 't'.repeat(40), kind: 'firmware', owner: 'n'.repeat(100) }, later).length).toBeLessThan(400);
  });

  test('holds until its time, which is rounded up to a second', () => {
    const path = pathOf(links.toDownload(image, later));
    expect(openLink(secret, path, new Date('2026-03-01T13:00:01Z'))).toMatchObject(image);
    expect(() => openLink(secret, path, new Date('2026-03-01T13:00:01.001Z'))).toThrow(refused('forbidden'));
  });

  test('that somebody has changed anywhere is not one of ours', () => {
    const parts = pathOf(links.toDownload(image, later)).split('/');
    const other = ['', 'put', 'zzzzzzz', parts[3]!.split('').toReversed().join(''), 'beta', 'log', 'other.bin'];
    for (const i of [1, 2, 3, 4, 5, 6]) {
      const changed = parts.with(i, other[i]!).join('/');
      expect(() => openLink(secret, changed, now)).toThrow(refused('forbidden'));
    }
    expect(() => openLink('another secret', parts.join('/'), now)).toThrow(refused('forbidden'));
  });

  test.each(['', '/', '/get', '/get/a/b/c/firmware', '/post/a/b/c/firmware/d', '/get/a/b/c/secrets/d', '/get/%/b/c/firmware/d'])('is not found in %j', (path) => {
    expect(() => openLink(secret, path, now)).toThrow(refused('not-found'));
  });
});
