/** One direction that imports must not take. Patterns are regular expressions over paths from the root of the checkout; `$1` is the first group of `from.path`. */
export interface ImportRule {
  name: string;
  /** What to do instead, or why. */
  comment: string;
  from: { path?: string; pathNot?: string };
  to: { path?: string; pathNot?: string; dependencyTypes?: ['core'] };
}

/** Tests, and what only they use. */
const tests = '(\\.test|-fixture)\\.tsx?$';
/** A package of the registry, installed or not. */
const library = (...names: string[]) => names.map((name) => `(^|node_modules/)${name}(/|$)`).join('|');
const rooms = (...names: string[]) => `^packages/(${names.join('|')})/`;
/** Where a library belongs: one package, and the places that test from outside. */
const home = (name: string, ...more: string[]) => `^packages/${name}/|^packages/testkit/|^test/${more.map((path) => `|${path}`).join('')}`;

const product = 'domain|ocpp|contracts|bus|database|presence|files|runtime';

/** `domain <- ocpp, contracts <- bus, database, presence, files, runtime <- services`, one library per infrastructure package, and nothing backwards. */
export const importRules: ImportRule[] = [
  {
    name: 'domain-imports-nothing',
    comment: 'the domain knows nouns and rules, and no library, builtin or other package',
    from: { path: rooms('domain'), pathNot: tests },
    to: { pathNot: rooms('domain') },
  },
  {
    name: 'ocpp-translates-only',
    comment: 'packages/ocpp knows the domain, the official schemas and a validator for them',
    from: { path: `${rooms('ocpp')}src/`, pathNot: tests },
    to: { pathNot: `${rooms('ocpp', 'domain')}|${library('ajv', 'ajv-formats', 'typed-ocpp')}` },
  },
  {
    name: 'dialects-do-no-io',
    comment: 'a translation is a pure function: no builtin of node',
    from: { path: '^packages/ocpp/src/v\\d+/', pathNot: tests },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'v15-stands-on-v16',
    comment: '1.5 is a layer over the translations of 1.6',
    from: { path: '^packages/ocpp/src/v15/' },
    to: { path: '^packages/ocpp/src/v\\d+/', pathNot: '^packages/ocpp/src/v1[56]/' },
  },
  {
    name: 'v16-stands-alone',
    comment: 'what two versions share belongs into the domain or beside the version folders',
    from: { path: '^packages/ocpp/src/v16/' },
    to: { path: '^packages/ocpp/src/v\\d+/', pathNot: '^packages/ocpp/src/v16/' },
  },
  {
    name: 'v201-stands-alone',
    comment: 'what two versions share belongs into the domain or beside the version folders',
    from: { path: '^packages/ocpp/src/v201/' },
    to: { path: '^packages/ocpp/src/v\\d+/', pathNot: '^packages/ocpp/src/v201/' },
  },
  {
    name: 'contracts-declare-only',
    comment: 'packages/contracts knows the domain, zod, and what bytes are packed with',
    from: { path: rooms('contracts'), pathNot: tests },
    to: { pathNot: `${rooms('contracts', 'domain')}|${library('zod', 'snappy')}` },
  },
  {
    name: 'infrastructure-stands-side-by-side',
    comment: 'bus, database, presence, files and pki know the domain and the contracts, not each other',
    from: { path: '^packages/(bus|database|presence|files|pki)/', pathNot: tests },
    to: { path: '^(packages|services)/', pathNot: '^packages/($1|domain|contracts)/' },
  },
  {
    name: 'runtime-knows-no-infrastructure',
    comment: 'runtime knows how stations are answered, which is ocpp, and nothing of what they are answered from',
    from: { path: '^packages/runtime/', pathNot: tests },
    to: { path: '^(packages|services)/', pathNot: '^packages/(runtime|domain|contracts|ocpp)/' },
  },
  { name: 'only-bus-knows-nats', comment: 'use packages/bus', from: { pathNot: home('bus') }, to: { path: library('nats', '@nats-io') } },
  {
    name: 'only-database-knows-postgres',
    comment: 'use packages/database',
    from: { pathNot: home('database', '^packages/migrate/', `^packages/backing/.*${tests}`) },
    to: { path: library('pg', '@prisma') },
  },
  { name: 'only-presence-knows-redis', comment: 'use packages/presence', from: { pathNot: home('presence') }, to: { path: library('ioredis') } },
  { name: 'only-pki-knows-x509', comment: 'use packages/pki', from: { pathNot: home('pki') }, to: { path: library('@peculiar') } },
  { name: 'only-files-knows-s3', comment: 'use packages/files', from: { pathNot: home('files') }, to: { path: library('aws4fetch') } },
  {
    name: 'only-gateway-knows-uwebsockets',
    comment: 'stations are reached through the gateway',
    from: { pathNot: '^services/gateway/|^test/' },
    to: { path: library('uWebSockets\\.js', 'uws-pack') },
  },
  {
    name: 'simulator-stands-alone',
    comment: 'a simulated station shares no code, and so no mistake, with the system that it tries',
    from: { path: rooms('simulator') },
    to: { path: `^services/|${rooms(product)}` },
  },
  {
    name: 'services-talk-through-contracts',
    comment: 'a service asks another one over the bus',
    from: { path: '^services/([^/]+)/' },
    to: { path: '^services/', pathNot: '^services/$1/' },
  },
  { name: 'gateway-has-no-database', comment: 'ask a service', from: { path: '^services/gateway/' }, to: { path: rooms('database') } },
  {
    name: 'dashboard-talks-to-the-api',
    comment: 'the dashboard sees what any client of the REST API sees',
    from: { path: '^services/dashboard/' },
    to: { path: '^packages/', pathNot: rooms('domain', 'contracts') },
  },
  { name: 'packages-know-no-service', comment: 'imports point from services to packages', from: { path: '^packages/' }, to: { path: '^services/' } },
  {
    name: 'tools-stay-outside',
    comment: 'what starts or tries the product is no part of it',
    from: { path: `^services/|${rooms(`${product}|pki`)}`, pathNot: tests },
    to: { path: rooms('backing', 'launcher', 'migrate', 'simulator', 'testkit') },
  },
];
