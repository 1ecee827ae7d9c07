import type { FaultCode, ProtocolVersion } from '@ohmnibus/domain';

/** One total table: what each fault is called on the wire of each version. The two odd spellings of 1.6 are the standard's own. */
const codes: Record<ProtocolVersion, Record<FaultCode, string>> = {
  v16: {
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
  },
  v201: {
    unreadable: 'FormatViolation',
    'extra-field': 'FormatViolation',
    'missing-field': 'OccurrenceConstraintViolation',
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
  },
};

/** The CALLERROR code of a fault in a protocol version. */
export function callErrorCode(version: ProtocolVersion, fault: FaultCode): string {
  return codes[version][fault];
}
