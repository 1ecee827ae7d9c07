const byAction: Readonly<Partial<Record<string, readonly string[]>>> = {
  GetDiagnostics: ['DiagnosticsStatusNotification'],
  GetLog: ['LogStatusNotification'],
  UpdateFirmware: ['FirmwareStatusNotification'],
  SignedUpdateFirmware: ['SignedFirmwareStatusNotification'],
  GetReport: ['NotifyReport'],
  GetBaseReport: ['NotifyReport'],
};
const triggers = new Set(['TriggerMessage', 'ExtendedTriggerMessage']);

/**
 * The actions that a station sends because a CALL of ours has asked it to: what is triggered (J16 4.2, P2 B02.FR.09), and how it goes with what it was
 * told to do. Whatever the certificate is for that is asked for by a trigger, the message has one name.
 */
export function askedFor(action: string, payload: string): readonly string[] {
  if (!triggers.has(action)) return byAction[action] ?? [];
  const message = requestedMessage(payload);
  if (message === undefined) return [];
  return [/^Sign.*Certificate$/.test(message) ? 'SignCertificate' : message];
}

function requestedMessage(payload: string): string | undefined {
  try {
    const { requestedMessage: message } = JSON.parse(payload) as { requestedMessage?: unknown };
    return typeof message === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}
