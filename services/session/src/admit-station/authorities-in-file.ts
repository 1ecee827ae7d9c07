import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { Log } from '@ohmnibus/runtime';
import type { TrustedAuthorities } from './client-certificates.js';

const certificateBlock = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const lookAgainMs = 5_000;

/** Authorities that are trusted for every tenant, from a file of PEM certificates. It may change while we run; what cannot be read leaves things as they are. */
export class AuthoritiesInFile implements TrustedAuthorities {
  private authorities: readonly X509Certificate[] = [];
  private version = '';
  private lookedAt = 0;

  constructor(
    private readonly path: string,
    private readonly log: Log,
  ) {}

  async of(): Promise<readonly X509Certificate[]> {
    if (Date.now() - this.lookedAt >= lookAgainMs) await this.look();
    return this.authorities;
  }

  private async look(): Promise<void> {
    this.lookedAt = Date.now();
    try {
      const { mtimeMs, size, ino } = await stat(this.path);
      const version = `${mtimeMs} ${size} ${ino}`;
      if (version === this.version) return;
      const blocks = (await readFile(this.path, 'utf8')).match(certificateBlock) ?? [];
      this.authorities = blocks.map((block) => new X509Certificate(block));
      this.version = version;
      this.log.info('station-authorities-read', { path: this.path, authorities: this.authorities.map(({ subject }) => subject.replaceAll('\n', ', ')) });
    } catch (error) {
      this.log.error('station-authorities-not-read', { path: this.path, error });
    }
  }
}
