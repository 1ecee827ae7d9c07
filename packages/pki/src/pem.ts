import { Fault } from '@ohmnibus/domain';

const certificateBlock = /-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g;
const requestBlock = /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([^-]*)-----END (?:NEW )?CERTIFICATE REQUEST-----/;

/**
 * The certificates of a PEM text, in its order, each as PEM of its own; what stands between them is left out. Throws a Fault `bad-value` if
 * there is none.
 */
export function splitChain(text: string): string[] {
  const certificates = [...unescaped(text).matchAll(certificateBlock)].map(([, body = '']) => pemOf('CERTIFICATE', der(body)));
  if (certificates.length === 0) throw new Fault('bad-value', 'there is no PEM certificate in it');
  return certificates;
}

/** The DER of a PKCS#10 request. Stations are known to send it without line breaks, with `\n` spelled out, or without the PEM frame. */
export function requestDer(text: string): Buffer<ArrayBuffer> {
  const plain = unescaped(text);
  return der(requestBlock.exec(plain)?.[1] ?? plain);
}

/** PEM with lines of 64 characters. */
export function pemOf(label: string, content: Uint8Array): string {
  const lines = Buffer.from(content).toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** The DER of the first certificate of a PEM text. */
export function certificateDer(pem: string): Buffer<ArrayBuffer> {
  const [, body] = new RegExp(certificateBlock.source).exec(unescaped(pem)) ?? [];
  if (body === undefined) throw new Fault('bad-value', 'there is no PEM certificate in it');
  return der(body);
}

function unescaped(text: string): string {
  return text.replaceAll(String.raw`\r`, '').replaceAll(String.raw`\n`, '\n');
}

function der(base64: string): Buffer<ArrayBuffer> {
  const packed = base64.replaceAll(/\s/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(packed)) throw new Fault('bad-value', 'it is not PEM');
  return Buffer.from(packed, 'base64');
}
