import { tellTime } from '@ohmnibus/domain';
import { received } from '../../examples.js';
import { heartbeat } from '../heartbeat.js';

export const examples = received(heartbeat, tellTime, {
  'the time is told in UTC': {
    request: {},
    input: {},
    outcome: { at: new Date('2026-03-01T13:00:05+01:00') },
    reply: { currentTime: '2026-03-01T12:00:05.000Z' },
  },
});
