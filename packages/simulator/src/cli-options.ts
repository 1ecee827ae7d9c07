import { Command, InvalidArgumentError, Option } from 'commander';
import { protocols, type Protocol } from './dialect.js';
import type { FleetOptions } from './fleet.js';
import { readPasswords } from './passwords.js';

/** What `run` was asked to do. */
export interface RunOptions {
  readonly fleet: FleetOptions;
  /** Seconds to run; without it until a signal. */
  readonly duration?: number;
  /** Seconds until the first station has to be accepted. */
  readonly connectTimeout: number;
  readonly statusSeconds: number;
  readonly quiet: boolean;
}

interface Flags {
  readonly url: string;
  readonly stations: number;
  readonly idPrefix: string;
  readonly protocol: Protocol | 'mixed';
  readonly tokens: string[];
  readonly passwordFile?: string;
  readonly evses: number;
  readonly chargeSeconds: number;
  readonly idleSeconds: number;
  readonly meterSeconds: number;
  readonly heartbeatSeconds?: number;
  readonly connectsPerSecond: number;
  readonly maxOutstanding: number;
  readonly timeScale: number;
  readonly seed?: number;
  readonly duration?: number;
  readonly connectTimeout: number;
  readonly statusSeconds: number;
  readonly quiet: boolean;
}

/** The command line; `run` is called with what it says. Throws CommanderError for options that make no sense. */
export function commandLine(run: (options: RunOptions) => Promise<void>): Command {
  const program = new Command('ohmnibus-simulator').description('Virtual charging stations for any CSMS that speaks OCPP 1.5, 1.6 or 2.0.1');
  program.exitOverride();
  program
    .command('run')
    .description('connect stations that charge again and again')
    .requiredOption('--url <ws url>', 'endpoint, such as ws://127.0.0.1:9000/ocpp; the identity is appended', parseUrl)
    .option('--stations <n>', 'how many, 1 to 50000', wholeNumber(1, 50_000), 1)
    .option('--id-prefix <text>', 'identities are <text>-00001 and so on', 'SIM')
    .addOption(new Option('--protocol <version>', 'what they speak').choices([...protocols, 'mixed']).default('ocpp1.6'))
    .option('--tokens <list>', 'tokens of drivers, separated by commas; none: nobody charges', parseTokens, [])
    .option('--password-file <path>', 'one Basic password for all, or a JSON object from identity to password')
    .option('--evses <n>', 'EVSEs of a station', wholeNumber(1, 100), 1)
    .option('--charge-seconds <s>', 'length of a charge on average', positive, 1_800)
    .option('--idle-seconds <s>', 'time between charges on average', positive, 600)
    .option('--meter-seconds <s>', 'between meter values of a charge, 0 for none', wholeNumber(0, 86_400), 60)
    .option('--heartbeat-seconds <s>', 'between heartbeats, 0 for none; else what the CSMS says', wholeNumber(0, 86_400))
    .option('--connects-per-second <n>', 'ramp', positive, 100)
    .option('--max-outstanding <n>', 'stations on their way at once', wholeNumber(1, 50_000), 200)
    .option('--time-scale <factor>', 'charge, idle and meter times pass this much faster', positive, 1)
    .option('--seed <n>', 'the same cars, waits and drivers every time', wholeNumber(0, 4_294_967_295))
    .option('--duration <s>', 'stop after this time', positive)
    .option('--connect-timeout <s>', 'give up if no station has been accepted by then', positive, 30)
    .option('--status-seconds <s>', 'between status lines', positive, 5)
    .option('--quiet', 'no status lines', false)
    .exitOverride()
    .action((flags: Flags) => run(runOptions(flags)));
  return program;
}

function runOptions({ stations, passwordFile, duration, connectTimeout, statusSeconds, quiet, ...fleet }: Flags): RunOptions {
  const password = passwordFile === undefined ? undefined : readPasswords(passwordFile);
  return { fleet: { ...fleet, count: stations, password }, duration, connectTimeout, statusSeconds, quiet };
}

function parseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'ws:' && url?.protocol !== 'wss:') throw new InvalidArgumentError('It has to begin with ws:// or wss://.');
  return text;
}

function parseTokens(text: string): string[] {
  return text.split(',').map((token) => token.trim()).filter((token) => token !== '');
}

function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < min || value > max) {
      throw new InvalidArgumentError(`It has to be a whole number from ${min} to ${max}.`);
    }
    return value;
  };
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('It has to be a number above 0.');
  return value;
}
