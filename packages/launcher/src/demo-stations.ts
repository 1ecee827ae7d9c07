import { join } from 'node:path';
import type { SuperviseOptions } from './supervise.js';
import { writePrivately } from './write-privately.js';

/** Simulated stations that connect to one gateway. */
export interface DemoFleet {
  /** The name of the gateway's process. */
  gateway: string;
  /** Stations are called `<prefix>-00001` and so on. */
  prefix: string;
  count: number;
  /** Of their drivers, one for each: a token charges at one place at a time. */
  tokens: string[];
}

export const demoFleets: DemoFleet[] = [
  { gateway: 'gateway-1', prefix: 'DEMO-A', count: 3, tokens: ['DEMO-ALICE', 'DEMO-BOB', 'DEMO-CAROL'] },
  { gateway: 'gateway-2', prefix: 'DEMO-B', count: 2, tokens: ['DEMO-DAVE', 'DEMO-ERIN'] },
];

/** Makes the simulated stations and their drivers known through the REST API, as an operator would. Throws with what the API answered. */
export async function registerDemo(fleets: DemoFleet[], apiUrl: string, apiKey: string, password: string): Promise<void> {
  const put = async (path: string, body: unknown) => {
    const response = await fetch(`${apiUrl}/api/v1/${path}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) throw new Error(`PUT ${path} was answered with ${response.status}: ${(await response.text()).slice(0, 500)}`);
  };
  for (const token of fleets.flatMap(({ tokens }) => tokens)) await put(`tokens/${token}`, { status: 'Accepted' });
  for (const { prefix, count } of fleets) {
    for (let n = 1; n <= count; n++) await put(`stations/${prefix}-${String(n).padStart(5, '0')}`, { password });
  }
}

/** How to run the simulator for one fleet. Charges are short, so that there is something to see within a minute. */
export function simulatorProcess(root: string, dataDir: string, fleet: DemoFleet, url: string, password: string): Omit<SuperviseOptions, 'log' | 'say'> {
  const passwordFile = join(dataDir, `${fleet.prefix}.passwords.json`);
  const ids = Array.from({ length: fleet.count }, (_, n) => `${fleet.prefix}-${String(n + 1).padStart(5, '0')}`);
  writePrivately(passwordFile, Object.fromEntries(ids.map((id) => [id, password])));
  const flags = {
    url,
    stations: fleet.count,
    'id-prefix': fleet.prefix,
    protocol: 'mixed',
    tokens: fleet.tokens.join(','),
    'password-file': passwordFile,
    'charge-seconds': 120,
    'idle-seconds': 30,
    'meter-seconds': 10,
    'status-seconds': 60,
  };
  return {
    name: `simulator-${fleet.prefix}`,
    script: join(root, 'packages/simulator/bin/ohmnibus-simulator.mjs'),
    args: ['run', ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)])],
    env: {},
  };
}
