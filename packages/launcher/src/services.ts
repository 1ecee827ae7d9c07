import type { Secrets } from './secrets.js';

/** What a service may need to know about the rest. */
export interface Surroundings {
  databaseUrl: string;
  natsUrl: string;
  redisUrl: string;
  /** Of the first process that listens at API_PORT; empty if there is none. */
  apiUrl: string;
  /** Where firmware and logs are kept. */
  filesFolder: string;
  secrets: Secrets;
}

/** One process of the system. */
export interface ServiceSpec {
  name: string;
  /** The script that node runs, from the root of the checkout. */
  script: string;
  /** Variables that get a loopback port of their own, the same at every start. ADMIN_PORT is always one of them. */
  ports?: string[];
  /** Variables besides NATS_URL, REDIS_URL, LOG_LEVEL and the ports. */
  env?: (around: Surroundings) => Record<string, string>;
}

const gateway = (pod: string): ServiceSpec => ({
  name: pod,
  script: 'services/gateway/dist/main.js',
  ports: ['OCPP_PORT'],
  env: () => ({ OCPP_HOST: '127.0.0.1', POD: pod }),
});

/** Stations are on this machine too: they reach the file endpoint where operators reach the API, unless somebody says otherwise. */
const files = ({ apiUrl, secrets }: Surroundings) => ({ FILES_SECRET: secrets.filesSecret, FILES_PUBLIC_URL: process.env.FILES_PUBLIC_URL ?? apiUrl });

/** Everything that `npm start` runs. Two gateways, so that what holds for several pods also holds here. */
export const services: ServiceSpec[] = [
  {
    name: 'session',
    script: 'services/session/dist/main.js',
    env: ({ databaseUrl, secrets }) => ({ DATABASE_URL: databaseUrl, ADMISSION_SECRET: secrets.admissionSecret, CERTIFICATE_AUTHORITY_SECRET: secrets.certificateAuthoritySecret }),
  },
  { name: 'transaction', script: 'services/transaction/dist/main.js', env: ({ databaseUrl }) => ({ DATABASE_URL: databaseUrl }) },
  { name: 'command', script: 'services/command/dist/main.js', env: (around) => ({ DATABASE_URL: around.databaseUrl, ...files(around) }) },
  {
    name: 'api',
    script: 'services/api/dist/main.js',
    ports: ['API_PORT'],
    env: (around) => ({
      DATABASE_URL: around.databaseUrl,
      API_HOST: '127.0.0.1',
      BOOTSTRAP_API_KEY: around.secrets.apiKey,
      FILES_FOLDER: around.filesFolder,
      ...files(around),
    }),
  },
  gateway('gateway-1'),
  gateway('gateway-2'),
];
