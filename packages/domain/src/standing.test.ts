import { expect, test } from '@jest/globals';
import { bootAnswer, registrationAtDoor, type StandingFacts } from './standing.js';

const facts = (more: Partial<StandingFacts> = {}): StandingFacts => ({ approval: 'approved', bootPolicy: null, released: false, booted: false, registration: 'Accepted', ...more });

test.each([
  [{}, 'accept', 'Accepted'],
  [{}, 'pending', 'Pending'],
  [{}, 'reject', 'Rejected'],
  [{ bootPolicy: 'accept' }, 'reject', 'Accepted'],
  [{ bootPolicy: 'pending' }, 'accept', 'Pending'],
  [{ bootPolicy: 'pending', released: true }, 'accept', 'Accepted'],
  [{ bootPolicy: 'reject', released: true }, 'accept', 'Rejected'],
  [{ approval: 'waiting' }, 'accept', 'Pending'],
  [{ approval: 'waiting', bootPolicy: 'reject' }, 'accept', 'Pending'],
  [{ approval: 'refused' }, 'accept', 'Rejected'],
] as const)('a boot of a station with %j in a tenant that says %s is answered %s', (more, policy, answer) => {
  expect(bootAnswer(facts(more), policy)).toBe(answer);
});

test('a station that booted before stands as it was left, whatever a boot would be answered with now', () => {
  expect(registrationAtDoor(facts({ booted: true }), 'pending')).toBe('Accepted');
  expect(registrationAtDoor(facts({ booted: true, registration: 'Pending', released: true }), 'accept')).toBe('Pending');
  expect(registrationAtDoor(facts(), 'pending')).toBe('Pending');
});
