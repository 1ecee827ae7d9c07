import type { Bus, Serving } from '@ohmnibus/bus';
import {
  decideOnStation,
  deleteConfigurationTemplate,
  deleteQuirkProfile,
  putConfigurationTemplate,
  putQuirkProfile,
  putStationSettings,
  putTenantSettings,
  stationChanged,
  tenantChanged,
} from '@ohmnibus/contracts';
import { Fault } from '@ohmnibus/domain';
import type { TemplateStore } from './configuration-templates/template-store.js';
import type { SettingsStore } from './keep-stations/settings-store.js';
import type { DecideOnStation } from './newcomers/decide-on-station.js';
import type { QuirkProfiles } from './quirk-profiles/quirk-profiles.js';
import type { TenantSettings } from './tenant-settings/tenant-settings.js';

/** What operators decide for tenants, makes and single stations. */
export class ServeSettings {
  constructor(
    private readonly bus: Bus,
    private readonly tenants: TenantSettings,
    private readonly quirks: QuirkProfiles,
    private readonly templates: TemplateStore,
    private readonly settings: SettingsStore,
    private readonly decide: DecideOnStation,
  ) {}

  start(): Serving[] {
    const { bus, tenants, quirks, templates, settings, decide } = this;
    // The word of another process of this service.
    bus.listen(tenantChanged, {}, () => {
      tenants.forget();
      quirks.forget();
    });
    return [
      bus.serve(putTenantSettings, {}, async ({ tenant, ...given }) => {
        await tenants.put(tenant, given);
        return {};
      }),
      bus.serve(putStationSettings, {}, async ({ tenant, station, ...given }) => {
        if (!(await settings.put({ tenant, station }, given))) throw new Fault('not-found', `there is no station ${JSON.stringify(station)}`);
        bus.tell(stationChanged, {}, { tenant, station, change: 'standing' });
        return {};
      }),
      bus.serve(decideOnStation, {}, async ({ tenant, station, decision }) => {
        await decide.run({ tenant, station }, decision);
        return {};
      }),
      bus.serve(putQuirkProfile, {}, (profile) => quirks.put(profile)),
      bus.serve(deleteQuirkProfile, {}, ({ tenant, name }) => quirks.delete(tenant, name)),
      bus.serve(putConfigurationTemplate, {}, (template) => templates.put(template)),
      bus.serve(deleteConfigurationTemplate, {}, ({ tenant, name }) => templates.delete(tenant, name)),
    ];
  }
}
