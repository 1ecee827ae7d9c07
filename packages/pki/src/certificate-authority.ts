import type { StationRef } from '@ohmnibus/domain';

/** A request that was checked, and the station it is for. */
export interface SigningRequest {
  readonly station: StationRef;
  /** PKCS#10, PEM. */
  readonly request: string;
}

/** Whoever signs the certificates of stations: a local one, or a service somewhere else. */
export interface CertificateAuthority {
  /**
   * The certificate and those of the authorities between it and the root, which is left out; PEM, in this order. Rejects if it cannot be
   * had now; the same request may come again.
   */
  sign(request: SigningRequest): Promise<string>;
}
