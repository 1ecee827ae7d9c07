import { readFileSync } from 'node:fs';
import { freePort } from '@ohmnibus/backing';
import { writePrivately } from './write-privately.js';

/** Ports under names, so that addresses stay the same from one start to the next. */
export class RememberedPorts {
  private readonly ports: Record<string, number>;

  constructor(private readonly file: string) {
    this.ports = read(file);
  }

  /** The port of an earlier start, free or not. */
  last(name: string): number | undefined {
    return this.ports[name];
  }

  /** A free port under that name: the one of an earlier start, unless somebody else has taken it. */
  async take(name: string): Promise<number> {
    const others = new Set(Object.entries(this.ports).flatMap(([other, taken]) => (other === name ? [] : [taken])));
    let port = await freePort(this.ports[name]);
    while (others.has(port)) port = await freePort();
    this.keep(name, port);
    return port;
  }

  keep(name: string, port: number): void {
    this.ports[name] = port;
    writePrivately(this.file, this.ports);
  }
}

/** A lost or damaged file costs no more than the old addresses. */
function read(file: string): Record<string, number> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>;
  } catch {
    return {};
  }
}
