import type { Bus, Serving } from '@ohmnibus/bus';
import { deleteCertificateCommand, deliverCertificateCommand, installCertificateCommand, listCertificatesCommand, renewCertificateCommand } from '@ohmnibus/contracts';
import type { CertificateCommands } from './certificate-commands.js';

/** The questions of the bus about certificates in stations. */
export class ServeCertificates {
  constructor(
    private readonly bus: Bus,
    private readonly commands: CertificateCommands,
  ) {}

  start(): Serving[] {
    return [
      this.bus.serve(deliverCertificateCommand, {}, (order) => this.commands.deliver(order)),
      this.bus.serve(renewCertificateCommand, {}, (order) => this.commands.renew(order)),
      this.bus.serve(installCertificateCommand, {}, (order) => this.commands.install(order)),
      this.bus.serve(deleteCertificateCommand, {}, (order) => this.commands.delete(order)),
      this.bus.serve(listCertificatesCommand, {}, (order) => this.commands.list(order)),
    ];
  }
}
