import { readFile } from 'node:fs/promises';
import { readCertificate, splitChain } from '@ohmnibus/pki';
import type { Log } from '@ohmnibus/runtime';
import type { CommonAuthorities } from './station-certificates.js';

/** A file of PEM certificates. It may change while we run; what cannot be read leaves things as they are. */
export class AuthoritiesInFile implements CommonAuthorities {
  private authorities: readonly string[] = [];
  private read = '';

  constructor(
    private readonly path: string,
    private readonly log: Log,
  ) {}

  async all(): Promise<readonly string[]> {
    try {
      const text = await readFile(this.path, 'utf8');
      if (text !== this.read) this.take(text);
    } catch (error) {
      this.log.error('station-authorities-not-read', { path: this.path, error });
    }
    return this.authorities;
  }

  private take(text: string): void {
    const authorities = splitChain(text);
    const subjects = authorities.map((pem) => readCertificate(pem).subject);
    [this.authorities, this.read] = [authorities, text];
    this.log.info('station-authorities-read', { path: this.path, subjects });
  }
}
