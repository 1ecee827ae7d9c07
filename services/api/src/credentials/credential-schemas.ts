import { raisedProfile, rotatedPassword } from '@ohmnibus/contracts';
import { z } from 'zod';
import { orderOptions } from '../commands/command-schemas.js';

export const rotateBody = z
  .strictObject({
    password: rotatedPassword.optional().meta({ description: 'Left out: a random one, which nobody learns but the station' }),
    ...orderOptions,
  })
  .meta({ id: 'RotatePassword' });
export type RotateBody = z.output<typeof rotateBody>;

export const raiseBody = z
  .strictObject({
    profile: raisedProfile.meta({ description: 'Higher than the present one: 1: a password; 2: a password over TLS; 3: a client certificate over TLS' }),
    restart: z.boolean().default(false).meta({ description: 'Has the station start anew once it is idle, if it accepts: many connect anew only then' }),
    ...orderOptions,
  })
  .meta({ id: 'RaiseSecurityProfile' });
export type RaiseBody = z.output<typeof raiseBody>;
