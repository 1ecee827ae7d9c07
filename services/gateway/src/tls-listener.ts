import './header-limit.js';
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { App, SSLApp, us_listen_socket_close, type TemplatedApp, type us_listen_socket } from 'uWebSockets.js';
import { listen, type Address } from './listen.js';
import { UnansweredHandshakes } from './unanswered-handshakes.js';

export interface TlsOptions {
  /** Its port is a fixed one: several listeners of ours share it while the certificate changes. */
  readonly address: Address;
  /** PEM: the certificate, and behind it those that lead to its root. */
  readonly certificateFile: string;
  readonly keyFile: string;
  /** How often the files are looked at, in milliseconds. */
  readonly lookMs: number;
  /** Puts the routes on an app. */
  readonly serve: (app: TemplatedApp) => void;
  readonly log: (event: 'tls-certificate-loaded' | 'tls-certificate-not-loaded' | 'tls-without-request', context: object) => void;
}

/**
 * Of TLS 1.2, in our order: the four that OCPP asks for (P2 A00.FR.318), of which a certificate's kind of key selects two, and those with
 * forward secrecy for RSA. TLS 1.3 brings its own; older versions the library does not speak.
 */
const ciphers = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
].join(':');

const unansweredMs = 15_000;

/** An app with one certificate, as long as it has connections. */
interface Generation {
  readonly app: TemplatedApp;
  readonly listening: us_listen_socket;
  connections: number;
  retired: boolean;
}

/**
 * Takes stations over TLS. The certificate is read again when its file changes: an app with the new one listens beside the old on the same
 * port, which the kernel allows, and the old stops listening but keeps its sockets.
 */
export class TlsListener {
  private current: Generation | undefined;
  private readonly generations = new Set<Generation>();
  /** Of the certificate that is served. */
  expiresAt: Date | undefined;
  private loaded = '';
  private failed = '';
  private timer: NodeJS.Timeout | undefined;
  private work: Promise<void> = Promise.resolve();
  private readonly unanswered: UnansweredHandshakes;

  constructor(private readonly options: TlsOptions) {
    this.unanswered = new UnansweredHandshakes(unansweredMs, (remoteAddress, connections) =>
      options.log('tls-without-request', {
        remoteAddress,
        connections,
        reason: 'TLS was not agreed on, or no request came: an older version than TLS 1.2, no common cipher, or the station does not trust the certificate',
      }),
    );
  }

  /** Throws if the certificate cannot be used or the port not be had. */
  async listen(): Promise<void> {
    await this.load();
    this.timer = setInterval(() => {
      this.unanswered.look();
      void this.reload();
    }, this.options.lookMs);
  }

  /** Looks at the files now. A certificate that cannot be used changes nothing. */
  reload(): Promise<void> {
    this.work = this.work.then(() => this.load()).catch((error: unknown) => this.complain(error));
    return this.work;
  }

  requested(remoteAddress: string): void {
    this.unanswered.requested(remoteAddress);
  }

  stopListening(): void {
    clearInterval(this.timer);
    if (this.current) this.retire(this.current);
    this.current = undefined;
  }

  /** Ends whatever is still open. */
  close(): void {
    this.stopListening();
    for (const { app } of this.generations) app.close();
    this.generations.clear();
  }

  private async load(): Promise<void> {
    const { certificateFile, keyFile, log } = this.options;
    const [certificatePem, keyPem] = await Promise.all([readFile(certificateFile, 'utf8'), readFile(keyFile, 'utf8')]);
    const version = `${certificatePem}\n${keyPem}`;
    if (version === this.loaded || version === this.failed) return;
    try {
      // Files that are being written may not belong together yet.
      const certificate = new X509Certificate(certificatePem);
      if (!certificate.checkPrivateKey(createPrivateKey(keyPem))) throw new Error('the key is not that of the certificate');
      const next = await this.open();
      const previous = this.current;
      this.current = next;
      if (previous) this.retire(previous);
      this.loaded = version;
      this.expiresAt = new Date(certificate.validTo);
      const { subject, issuer, validTo, subjectAltName } = certificate;
      log('tls-certificate-loaded', { subject, issuer, validTo, subjectAltName, key: certificate.publicKey.asymmetricKeyType });
    } catch (error) {
      this.failed = version;
      throw error;
    }
  }

  private complain(error: unknown): void {
    const { certificateFile, keyFile } = this.options;
    this.options.log('tls-certificate-not-loaded', { certificateFile, keyFile, error, reason: 'the one that was loaded before stays' });
  }

  private async open(): Promise<Generation> {
    const { address, certificateFile, keyFile, serve } = this.options;
    const app = SSLApp({ cert_file_name: certificateFile, key_file_name: keyFile, ssl_ciphers: ciphers });
    let generation: Generation | undefined;
    app.filter((res, change) => {
      if (!generation) return;
      generation.connections += change;
      if (change > 0) this.unanswered.connected(Buffer.from(res.getRemoteAddressAsText()).toString());
      else this.forget(generation);
    });
    serve(app);
    if (!this.current && !address.shared) await nobodyElseListens(address);
    const listening = await listen(app, { ...address, shared: true });
    generation = { app, listening, connections: 0, retired: false };
    this.generations.add(generation);
    return generation;
  }

  private retire(generation: Generation): void {
    us_listen_socket_close(generation.listening);
    generation.retired = true;
    this.forget(generation);
  }

  private forget(generation: Generation): void {
    if (generation.retired && generation.connections <= 0) this.generations.delete(generation);
  }
}

/** A port that is to be shared with listeners of ours is shared with those of others too: so it is first asked for alone. */
async function nobodyElseListens(address: Address): Promise<void> {
  const app = App();
  await listen(app, address);
  app.close();
}
