import type { Bus, Serving } from '@ohmnibus/bus';
import { raiseProfileCommand, rotatePasswordCommand } from '@ohmnibus/contracts';
import type { RaiseProfileCommand } from '../raise-profile-command/raise-profile-command.js';
import type { RotatePasswordCommand } from '../rotate-password-command/rotate-password-command.js';

/** The questions of the bus about how stations prove who they are. */
export class ServeCredentials {
  constructor(
    private readonly bus: Pick<Bus, 'serve'>,
    private readonly operations: { readonly rotatePassword: RotatePasswordCommand; readonly raiseProfile: RaiseProfileCommand },
  ) {}

  start(): Serving[] {
    const { rotatePassword, raiseProfile } = this.operations;
    return [this.bus.serve(rotatePasswordCommand, {}, (order) => rotatePassword.run(order)), this.bus.serve(raiseProfileCommand, {}, (order) => raiseProfile.run(order))];
  }
}
