import { BlockList, isIP } from 'node:net';
import type { ForwardedCertificate } from '@ohmnibus/contracts';
import type { Refusal } from './handshake.js';

/** How a station reached us, as far as we believe it. */
export interface Transport {
  /** Of the station; of the proxy before it if that is none of ours. */
  readonly remoteAddress: string;
  /** Over TLS, to us or to a proxy that we trust. */
  readonly secure: boolean;
  readonly certificate: ForwardedCertificate | undefined;
  /** Why `secure` may not be what the operator expects. */
  readonly hint: string | undefined;
}

export interface CertificateHeaders {
  /** Lower case. */
  readonly certificate: string;
  readonly verdict: string;
}

/** The proxies whose word on a connection is believed: addresses and networks in CIDR notation. */
export class TrustedProxies {
  private readonly networks = new BlockList();
  private readonly none: boolean;

  /** Throws a RangeError or TypeError on what is no network; see `isNetwork`. */
  constructor(networks: readonly string[]) {
    this.none = networks.length === 0;
    for (const network of networks) {
      const [address = '', bits] = network.split('/');
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      this.networks.addSubnet(address, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family);
    }
  }

  has(address: string): boolean {
    // A question to the list makes objects outside of JavaScript's memory, too much for each of a storm of handshakes.
    if (this.none) return false;
    const version = isIP(address);
    return version !== 0 && this.networks.check(address, version === 6 ? 'ipv6' : 'ipv4');
  }
}

export function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  return version !== 0 && more.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 6 ? 128 : 32)));
}

/**
 * What the connection and, behind a trusted proxy, the headers tell. A client certificate in a header of anybody else is an attempt to be
 * somebody else, and refused; X-Forwarded-For and -Proto of others, which many proxies add, are ignored.
 */
export function readTransport(
  socket: { readonly secure: boolean; readonly remoteAddress: string },
  header: (name: string) => string,
  proxies: TrustedProxies,
  names: CertificateHeaders,
): Transport | Refusal {
  const { secure, remoteAddress } = socket;
  const certificate = header(names.certificate);
  const proto = header('x-forwarded-proto');
  if (!proxies.has(remoteAddress)) {
    if (certificate !== '' || header(names.verdict) !== '') {
      return { status: 403, reason: `a client certificate in a header (${names.certificate}) is believed of trusted proxies only, and ${remoteAddress} is none` };
    }
    const hint = !secure && proto !== '' ? `the header X-Forwarded-Proto of ${remoteAddress} is not believed: it is not among TRUSTED_PROXIES` : undefined;
    return { remoteAddress, secure, certificate: undefined, hint };
  }
  // A proxy that says nothing passes through what it gets; one that ends TLS says so.
  const forwarded = proto === '' ? secure : /^(https|wss)$/i.test(proto);
  return {
    remoteAddress: clientOf(header('x-forwarded-for'), proxies) ?? remoteAddress,
    secure: forwarded,
    certificate: certificate !== '' && forwarded ? { der: certificateBytes(certificate), verdict: header(names.verdict) } : undefined,
    hint: proto === '' && !secure ? `the trusted proxy ${remoteAddress} does not say by X-Forwarded-Proto whether the station came over TLS` : undefined,
  };
}

/** The last address of the list that is none of our proxies: whatever stands before it, anybody may have written. */
function clientOf(list: string, proxies: TrustedProxies): string | undefined {
  let client: string | undefined;
  for (const entry of list.split(',').toReversed()) {
    const text = entry.trim();
    const address = isIP(text) ? text : (/^\[([^\]]+)\](?::\d+)?$/.exec(text) ?? /^([\d.]+):\d+$/.exec(text))?.[1];
    if (address === undefined || isIP(address) === 0) return client;
    client = address;
    if (!proxies.has(address)) return client;
  }
  return client;
}

/** DER, of percent-encoded PEM (nginx, Traefik, Envoy) or of bare base64 (HAProxy). What is neither stays bytes that are no certificate. */
function certificateBytes(value: string): Buffer {
  let text = value;
  try {
    text = decodeURIComponent(value);
  } catch {
    // Not percent-encoded then.
  }
  const [, body = text] = /-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/.exec(text) ?? [];
  return Buffer.from(body.replaceAll(/\s/g, ''), 'base64');
}
