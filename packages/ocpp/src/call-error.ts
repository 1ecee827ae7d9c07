import type { FaultCode, ProtocolVersion } from '@ohmnibus/domain';

/** As OCPP-J has said them from the start; the two odd spellings are the standard's own. */
const v16: Record<FaultCode, string> = {
  unreadable: 'FormationViolation',
  'extra-field': 'FormationViolation',
  'missing-field': 'OccurenceConstraintViolation',
  'wrong-type': 'TypeConstraintViolation',
  'bad-value': 'PropertyConstraintViolation',
  'unknown-action': 'NotImplemented',
  'unsupported-action': 'NotSupported',
  unauthenticated: 'SecurityError',
  forbidden: 'SecurityError',
  'not-found': 'GenericError',
  conflict: 'GenericError',
  'too-large': 'GenericError',
  overloaded: 'InternalError',
  unavailable: 'InternalError',
  'deadline-exceeded': 'InternalError',
  internal: 'InternalError',
};

/** What 2.x says in other words. */
const v201: Record<FaultCode, string> = {
  ...v16,
  unreadable: 'FormatViolation',
  'extra-field': 'FormatViolation',
  'missing-field': 'OccurrenceConstraintViolation',
};

/** One total table: what each fault is called on the wire of each version. */
const codes: Record<ProtocolVersion, Record<FaultCode, string>> = { v15: v16, v16, v201 };

/** The CALLERROR code of a fault in a protocol version. */
export function callErrorCode(version: ProtocolVersion, fault: FaultCode): string {
  return codes[version][fault];
}
