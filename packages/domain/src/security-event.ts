/**
 * The security events that the standard names (2.x; the 1.6 security extension has the same under names of its own), and whether they are
 * critical: a station reports those at once, and somebody should look.
 */
const critical: Record<string, boolean> = {
  FirmwareUpdated: true,
  FailedToAuthenticateAtCsms: false,
  CsmsFailedToAuthenticate: false,
  SettingSystemTime: true,
  StartupOfTheDevice: true,
  ResetOrReboot: true,
  SecurityLogWasCleared: true,
  ReconfigurationOfSecurityParameters: false,
  MemoryExhaustion: true,
  InvalidMessages: false,
  AttemptedReplayAttacks: false,
  TamperDetectionActivated: true,
  InvalidFirmwareSignature: false,
  InvalidFirmwareSigningCertificate: false,
  InvalidCsmsCertificate: false,
  InvalidChargingStationCertificate: false,
  InvalidTLSVersion: false,
  InvalidTLSCipherSuite: false,
};

export const securityEventTypes: readonly string[] = Object.keys(critical);

/** What a vendor has thought up for itself says nothing about how bad it is. */
export function isCriticalSecurityEvent(type: string): boolean {
  return Object.hasOwn(critical, type) && critical[type] === true;
}
