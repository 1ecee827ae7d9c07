import { z } from 'zod';

/** sysexits.h EX_CONFIG: something was found in an unconfigured or misconfigured state. */
export const exitConfig = 78;

/** The settings of one process: environment variables, each with a description and its unit in its name. */
export interface Config<Shape extends z.ZodRawShape> {
  readonly name: string;
  readonly schema: z.ZodObject<Shape>;
}

export function defineConfig<Shape extends z.ZodRawShape>(name: string, shape: Shape): Config<Shape> {
  return { name, schema: z.object(shape) };
}

/** Every problem that an environment has, a line each; empty if it is good. */
export function problemsOf(config: Config<z.ZodRawShape>, env: Record<string, string | undefined>): string[] {
  const parsed = config.schema.safeParse(withoutEmpty(env));
  if (parsed.success) return [];
  return parsed.error.issues.map((issue) => {
    const name = issue.path.join('.');
    const missing = withoutEmpty(env)[name] === undefined;
    const about = config.schema.shape[name] as z.ZodType | undefined;
    return `${name} ${missing ? 'is missing' : `is not valid: ${issue.message}`}${about?.description ? ` (${about.description})` : ''}`;
  });
}

/** Reads the settings. If anything is wrong, prints every problem at once and ends the process with exit code 78, before a port is open. */
export function loadConfig<Shape extends z.ZodRawShape>(config: Config<Shape>, env: Record<string, string | undefined> = process.env): z.infer<z.ZodObject<Shape>> {
  const problems = problemsOf(config, env);
  if (problems.length > 0) {
    process.stderr.write(`${config.name} cannot start, its configuration has ${problems.length} problem(s):\n${problems.map((line) => `  ${line}\n`).join('')}`);
    process.exit(exitConfig);
  }
  return config.schema.parse(withoutEmpty(env));
}

/** An empty or blank variable is one that is not set: that is how a chart or a shell leaves something out; a blank is no number 0 either. */
function withoutEmpty(env: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1].trim() !== ''));
}

const url = (...protocols: string[]) =>
  z.string().refine(
    (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol),
    `must be a URL that begins with ${protocols.map((p) => `${p}//`).join(' or ')}`,
  );

/** A whole number from the environment. */
export const integer = (min: number, max: number) => z.coerce.number(`must be a number`).int('must be a whole number').min(min).max(max);

/** Settings that several processes share, so that one name means one thing everywhere. */
export const settings = {
  natsUrl: url('nats:', 'tls:', 'ws:', 'wss:').describe('NATS server'),
  redisUrl: url('redis:', 'rediss:').describe('Redis server; must not evict keys (maxmemory-policy noeviction)'),
  databaseUrl: url('postgres:', 'postgresql:').describe('Postgres database'),
  databasePoolSize: integer(1, 200).default(8).describe('connections to Postgres at most'),
  adminHost: z.string().default('127.0.0.1').describe('address of health checks and metrics'),
  adminPort: integer(0, 65535).default(0).describe('port of /health/live, /health/ready and /metrics; 0: any free one'),
  clockFlushSeconds: integer(1, 3_600).default(60).describe('how often what was measured of the clocks of stations is kept, in seconds'),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info').describe('least severe log line that is written'),
};

/** Of the file endpoint. Without both of them there is none, and callers have to say where files are. */
export const fileSettings = {
  secret: z
    .string()
    .min(16, 'must have at least 16 characters')
    .optional()
    .describe('key that links to the file endpoint are signed with; the same for api and command, and for nobody else; unset: there is no file endpoint'),
  publicUrl: url('http:', 'https:').optional().describe('how stations reach the api process for files; unset: there is no file endpoint'),
};

/** What every process needs. */
export const commonSettings = {
  NATS_URL: settings.natsUrl,
  ADMIN_HOST: settings.adminHost,
  ADMIN_PORT: settings.adminPort,
  LOG_LEVEL: settings.logLevel,
};

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** One row of the configuration's documentation. */
export interface DocumentedSetting {
  readonly name: string;
  readonly description: string;
  /** Undefined: it must be given. */
  readonly fallback: string | undefined;
  readonly schema: unknown;
}

/** What the documentation and the chart's schema are generated from. */
export function documentConfig(config: Config<z.ZodRawShape>): DocumentedSetting[] {
  const schema = z.toJSONSchema(config.schema, { io: 'input', unrepresentable: 'any' });
  return Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const { description, default: fallback } = property as { description?: string; default?: unknown };
    const optional = !schema.required?.includes(name);
    return { name, description: description ?? '', fallback: fallback === undefined ? (optional ? '' : undefined) : asText(fallback), schema: property };
  });
}
